// A long list of choices in a menu can be searched: what does not fit is put away, Enter takes the first.

import { fresh } from './dom'

export function options(root: ParentNode): void {
  for (const field of fresh<HTMLInputElement>(root, 'input[data-find-option]', 'find')) {
    const list = field.parentElement!
    const none = list.querySelector<HTMLElement>('[data-find-none]')
    const all = [...list.querySelectorAll<HTMLAnchorElement>('a.lx-menu-item')]
    const shown = () => all.filter((one) => !one.hidden)
    field.addEventListener('input', () => {
      const words = field.value.trim().toLowerCase().split(/\s+/)
      for (const one of all) one.hidden = !words.every((word) => (one.textContent ?? '').toLowerCase().includes(word))
      if (none) none.hidden = shown().length > 0
    })
    field.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.isComposing) return
      event.preventDefault()
      const first = shown().find((one) => !one.hasAttribute('aria-current'))
      if (field.value.trim()) first?.click()
    })
    field.closest('details')?.addEventListener('toggle', (event) => {
      if ((event.target as HTMLDetailsElement).open) field.focus()
    })
  }
}
