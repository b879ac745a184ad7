// The booth alone, as one file with its worker inside: what a voter's device runs has one fingerprint, which changes only
// when the booth does. No other script of the house is in it or beside it on its page.
import { defineConfig } from 'vite'

export default defineConfig({
  base: '',
  publicDir: false,
  build: {
    outDir: 'src/lianxi/portal/built',
    emptyOutDir: false,
    manifest: 'booth.json',
    assetsDir: '',
    modulePreload: { polyfill: false },
    target: 'es2020',
    rolldownOptions: { input: 'booth/booth.ts', output: { codeSplitting: false } },
  },
})
