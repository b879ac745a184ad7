// Menus are details elements: a click elsewhere or Escape closes them.

import { fresh } from './dom'

function close(except: Node | null): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>('details[data-menu][open]')) {
    if (!except || !menu.contains(except)) menu.open = false
  }
}

/** What a phone folds: the steps of a way, under the sentence that says which one it is. */
export function folds(root: ParentNode): void {
  if (!window.matchMedia('(max-width: 699.98px)').matches) return
  for (const part of fresh<HTMLDetailsElement>(root, 'details[data-fold-on-phone]', 'fold')) part.open = false
}

export function menus(): void {
  document.addEventListener('click', (event) => close(event.target as Node))
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return
    const menu = (event.target as HTMLElement).closest<HTMLDetailsElement>('details[data-menu][open]')
    close(null)
    menu?.querySelector('summary')?.focus()
  })
}
