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

/** Tabler is 630 kB; a phone gets only what our pages are made of (docs/look.md §5): the names below and the bare elements.
 *  A test fails on a class of a template that the built theme does not know. Tabler goes into a cascade layer, so that a rule
 *  of ours wins without fighting over specificity. */
const sides = ['', 't', 'b', 's', 'e', 'x', 'y']
const KEPT = [
  ...'html body a h1 h2 h3 h4 p ul ol li dl dt dd table caption thead tbody tfoot tr th td form fieldset legend label input select option'.split(' '),
  ...'textarea button progress dialog details summary figure figcaption blockquote pre code kbd img svg small b strong hr sup sub'.split(' '),
  ...'row col col-auto w-100 w-auto h-100 fw-normal fw-bold text-start text-center text-end text-nowrap text-break text-body text-secondary'.split(' '),
  ...'d-none d-block d-inline d-inline-block d-flex d-inline-flex d-grid flex-row flex-column flex-wrap flex-fill flex-grow-1 flex-shrink-0'.split(' '),
  ...'align-items-start align-items-center align-items-end align-items-baseline align-self-center justify-content-start list-unstyled'.split(' '),
  ...'justify-content-center justify-content-end justify-content-between visually-hidden overflow-auto position-relative btn btn-primary btn-link'.split(' '),
  ...'form-control form-select form-check form-check-input form-check-label form-label form-text table table-responsive'.split(' '),
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].flatMap((n) => [`col-${n}`, `col-md-${n}`, `col-lg-${n}`]),
  ...[0, 1, 2, 3, 4, 5].flatMap((n) => [`g-${n}`, `gap-${n}`, ...sides.flatMap((side) => [`m${side}-${n}`, `p${side}-${n}`])]),
  ...sides.map((side) => `m${side}-auto`),
]

function onlyWhatIsUsed(): Plugin {
  return {
    name: 'lianxi-tabler',
    enforce: 'pre',
    async transform(code, id) {
      if (!id.split('?')[0]!.endsWith(TABLER)) return null
      const used = new Set(KEPT)
      const [result] = await new PurgeCSS().purge({
        css: [{ raw: code }],
        content: [{ raw: KEPT.join(' '), extension: 'html' }],
        defaultExtractor: () => [...used],
        variables: true,
        keyframes: true,
        fontFace: true,
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
    rolldownOptions: { input: ['assets/main.ts', 'booth/trustee/page.ts', 'booth/cards.ts'] },
  },
  worker: { format: 'es' },
})
