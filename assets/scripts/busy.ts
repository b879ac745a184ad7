// A button that was pressed shows it, keeps its width, and cannot be pressed twice.
// <button data-busy="正在提交">; without the attribute the form's data-busy or the body's is used.

const WAIT = 60_000

function quiet(button: HTMLButtonElement): void {
  const { was } = button.dataset
  if (was === undefined) return
  const label = button.querySelector('.lx-busy-text')
  label?.remove()
  for (const node of button.querySelectorAll<HTMLElement>('.lx-was')) node.replaceWith(...node.childNodes)
  button.classList.remove('lx-busy')
  button.removeAttribute('aria-disabled')
  button.style.minWidth = ''
  // An empty attribute left behind would be copied by htmx as markup, which the policy refuses.
  if (!button.getAttribute('style')) button.removeAttribute('style')
  delete button.dataset.was
}

function show(button: HTMLButtonElement, form: HTMLFormElement): void {
  const text = button.dataset.busy ?? form.dataset.busy ?? document.body.dataset.busy ?? ''
  const { width } = button.getBoundingClientRect()
  const was = document.createElement('span')
  was.className = 'lx-was'
  was.hidden = true
  was.append(...button.childNodes)
  const busy = document.createElement('span')
  busy.className = 'lx-busy-text d-inline-flex align-items-center gap-2'
  const ring = document.createElement('span')
  ring.className = 'lx-ring'
  busy.append(ring, text)
  button.append(was, busy)
  button.classList.add('lx-busy')
  button.setAttribute('aria-disabled', 'true')
  button.dataset.was = '1'
  // Setting a property through the object model is no inline style for the policy.
  button.style.minWidth = `${width}px`
  window.setTimeout(() => release(form), WAIT)
}

export function release(form: HTMLFormElement): void {
  delete form.dataset.sent
  for (const button of form.querySelectorAll<HTMLButtonElement>('.lx-busy')) quiet(button)
}

export function busyForms(): void {
  document.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement
    if (event.defaultPrevented) return
    if (form.method === 'dialog' || form.method === 'get') return
    if (form.dataset.sent) {
      event.preventDefault()
      event.stopImmediatePropagation()
      return
    }
    form.dataset.sent = '1'
    const button = (event as SubmitEvent).submitter
    // After this event: a disabled or changed button would not be sent with the form.
    if (button instanceof HTMLButtonElement && !button.classList.contains('lx-menu-item')) window.setTimeout(() => show(button, form), 0)
  })
  document.addEventListener('htmx:afterRequest', (event) => {
    const form = (event as CustomEvent<{ elt: HTMLElement }>).detail.elt.closest('form')
    if (form) release(form)
  })
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) document.querySelectorAll('form').forEach(release)
  })
}
