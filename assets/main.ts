// The page scripts of Lianxi. Each one improves a page that works without it; every text comes from the template.
import '@tabler/core/dist/css/tabler.min.css'
import './css/theme.css'
import './scripts/htmx'
import { each, onReady } from './scripts/dom'
import { busyForms } from './scripts/busy'
import { counters } from './scripts/counter'
import { dialogs } from './scripts/dialogs'
import { dictate } from './scripts/dictate'
import { drafts } from './scripts/drafts'
import { files } from './scripts/files'
import { focusErrors } from './scripts/errors'
import { folds, menus } from './scripts/menus'
import { offline } from './scripts/offline'
import { scan } from './scripts/scan'
import { maps } from './scripts/map'
import { one } from './scripts/one'
import { options } from './scripts/options'
import { put } from './scripts/put'
import { searchKey } from './scripts/search'
import { selection } from './scripts/selection'
import { smallButtons } from './scripts/buttons'
import { speech } from './scripts/speech'
import { toasts } from './scripts/toasts'
import { putBack, unsent } from './scripts/unsent'
import { verifying } from './scripts/verify'

document.documentElement.classList.add('js')
searchKey()
menus()
busyForms()
offline()
unsent()
onReady((root) => {
  each(root, counters)
  each(root, dialogs)
  each(root, dictate)
  each(root, drafts)
  each(root, files)
  each(root, folds)
  each(root, scan)
  each(root, one)
  each(root, options)
  each(root, put)
  each(root, maps)
  each(root, selection)
  each(root, smallButtons)
  each(root, speech)
  each(root, toasts)
  each(root, verifying)
  focusErrors(root)
  if (root === document) putBack()
})
