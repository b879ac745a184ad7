// <button data-put="TEXT" data-into="FIELD-ID"> adds a line to a text field; used to pick a basis from the rulebook.
import { fresh } from './dom'

export function put(root: ParentNode): void {
  for (const button of fresh(root, '[data-put]', 'put')) {
    button.addEventListener('click', () => {
      const field = document.getElementById(button.dataset.into ?? '')
      if (!(field instanceof HTMLTextAreaElement)) return
      const text = button.dataset.put ?? ''
      if (!field.value.includes(text)) field.value = [field.value.trim(), text].filter(Boolean).join('\n')
      field.dispatchEvent(new Event('input', { bubbles: true }))
      button.closest('details')?.removeAttribute('open')
      field.focus()
    })
  }
}
