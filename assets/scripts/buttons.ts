// Copy, put, print, submit on change: small acts of the browser itself.
import { announce, fresh } from './dom'

async function copy(button: HTMLElement): Promise<void> {
  const text = button.dataset.copy ?? ''
  try {
    await navigator.clipboard.writeText(text)
  } catch {
    const field = document.createElement('textarea')
    field.value = text
    document.body.append(field)
    field.select()
    document.execCommand('copy')
    field.remove()
  }
  const label = button.querySelector<HTMLElement>('[data-label]') ?? button
  const was = label.textContent
  label.textContent = button.dataset.copied ?? was
  announce(button.dataset.copied ?? '')
  window.setTimeout(() => (label.textContent = was), 3000)
}

/** data-put="text" data-into="id": the text joins what stands in the field, and the field has the focus. */
function put(button: HTMLElement): void {
  const field = document.getElementById(button.dataset.into ?? '') as HTMLTextAreaElement | HTMLInputElement | null
  const text = button.dataset.put ?? ''
  if (!field || !text) return
  const between = field instanceof HTMLTextAreaElement ? '\n' : ' '
  if (!field.value.includes(text)) field.value = field.value.trim() ? `${field.value.trimEnd()}${between}${text}` : text
  field.dispatchEvent(new Event('input', { bubbles: true }))
  field.focus()
}

export function smallButtons(root: ParentNode): void {
  for (const button of fresh(root, '[data-copy]', 'copy')) button.addEventListener('click', () => void copy(button))
  for (const button of fresh(root, '[data-put]', 'put')) button.addEventListener('click', () => put(button))
  for (const button of fresh(root, '[data-print]', 'print')) button.addEventListener('click', () => window.print())
  for (const field of fresh<HTMLSelectElement>(root, '[data-submit-on-change]', 'submit')) {
    field.addEventListener('change', () => field.form?.requestSubmit())
  }
  for (const place of fresh(root, '[data-gone-after]', 'gone')) {
    window.setTimeout(() => {
      const again = place.dataset.goneTo
      if (again) place.textContent = again
      else place.remove()
    }, Number(place.dataset.goneAfter) * 1000)
  }
}
