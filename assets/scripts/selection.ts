// Chosen rows of a list: <form data-selection> with input[name] in the rows, input[data-select-all], and
// a bar [data-selected] that holds <b data-selected-count="已选{n}件"> and [data-select-none].
import { fresh } from './dom'

export function selection(root: ParentNode): void {
  for (const form of fresh<HTMLFormElement>(root, '[data-selection]', 'selection')) {
    const bar = form.querySelector<HTMLElement>('[data-selected]')
    const all = form.querySelector<HTMLInputElement>('input[data-select-all]')
    const boxes = (): HTMLInputElement[] => [...form.querySelectorAll<HTMLInputElement>('tbody input[type="checkbox"]')]
    const show = (): void => {
      const chosen = boxes().filter((box) => box.checked).length
      if (bar) bar.hidden = chosen === 0
      const count = bar?.querySelector<HTMLElement>('[data-selected-count]')
      if (count) count.textContent = (count.dataset.selectedCount ?? '').replace('{n}', String(chosen))
      if (all) {
        all.checked = chosen > 0 && chosen === boxes().length
        all.indeterminate = chosen > 0 && chosen < boxes().length
      }
    }
    const set = (on: boolean): void => {
      for (const box of boxes()) box.checked = on
      show()
    }
    form.addEventListener('change', (event) => {
      if (event.target === all) set(all?.checked ?? false)
      else show()
    })
    bar?.querySelector('[data-select-none]')?.addEventListener('click', () => {
      set(false)
      all?.focus()
    })
    show()
  }
}
