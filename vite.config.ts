// Builds the theme, the page scripts and the icon sprite into the package, where the wheel carries them.
import { readFileSync } from 'node:fs'
import { PurgeCSS } from 'purgecss'
import { defineConfig, type Plugin } from 'vite'

const TABLER = '/@tabler/core/dist/css/tabler.min.css'

/** One SVG file with every icon of assets/icons.json as a symbol: same origin, cached, no style inside. */
function sprite(): Plugin {
  return {
    name: 'lianxi-sprite',
    generateBundle() {
      const names: string[] = JSON.parse(readFileSync('assets/icons.json', 'utf8'))
      const symbols = names.map((name) => {
        const svg = readFileSync(`node_modules/@tabler/icons/icons/outline/${name}.svg`, 'utf8')
        const body = svg.replace(/^[\s\S]*?<svg[^>]*>/, '').replace('</svg>', '').replace(/<path stroke="none"[^>]*\/>/, '')
        return `<symbol id="${name}" viewBox="0 0 24 24">${body.replace(/\s*\n\s*/g, '')}</symbol>`
      })
      const source = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`
      this.emitFile({ type: 'asset', name: 'sprite.svg', originalFileName: 'assets/sprite.svg', source })
      this.emitFile({ type: 'asset', fileName: 'icons.json', source: JSON.stringify(names) })
    },
  }
}

/** Tabler is 630 kB; a phone gets only the rules whose classes stand in a template, a script or a Python file of ours.
 *  It goes into a cascade layer, so that a rule of ours wins without fighting over specificity. */
function onlyWhatIsUsed(): Plugin {
  return {
    name: 'lianxi-purge',
    enforce: 'pre',
    async transform(code, id) {
      if (!id.split('?')[0]!.endsWith(TABLER)) return null
      const [result] = await new PurgeCSS().purge({
        css: [{ raw: code }],
        content: ['src/lianxi/**/*.html', 'src/lianxi/**/*.py', 'assets/**/*.ts'],
        defaultExtractor: (text) => text.match(/[\w-]+/g) ?? [],
        safelist: { standard: [/^(row|col|g|gx|gy|m|p|d|gap|text|align|justify|flex|order|w|h|fw|visually)(-|$)/, /^[mp][tbsexy]-/] },
        fontFace: true,
        keyframes: true,
      })
      return { code: `@layer tabler{${result!.css.replace(/^@charset[^;]*;/, '')}}`, map: null }
    },
  }
}

export default defineConfig({
  base: '',
  publicDir: 'assets/public',
  plugins: [sprite(), onlyWhatIsUsed()],
  build: {
    outDir: 'src/lianxi/portal/built',
    emptyOutDir: true,
    manifest: 'manifest.json',
    assetsDir: '',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2020',
    rolldownOptions: { input: 'assets/main.ts' },
  },
})
