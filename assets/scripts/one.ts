// Of several boxes with one name only one stays ticked: they are a choice that may also be left out.

import { fresh } from './dom'

export function one(root: ParentNode): void {
  for (const box of fresh<HTMLInputElement>(root, 'input[type=checkbox][data-one]', 'one')) {
    box.addEventListener('change', () => {
      if (!box.checked) return
      for (const other of box.form?.querySelectorAll<HTMLInputElement>(`input[data-one][name="${box.name}"]`) ?? []) {
        if (other !== box) other.checked = false
      }
    })
  }
}
