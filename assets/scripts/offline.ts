// Without a network nothing is sent: the page says so, and what was written stays in the form.
import { announce } from './dom'
import { release } from './busy'

export function offline(): void {
  document.addEventListener(
    'submit',
    (event) => {
      const form = event.target as HTMLFormElement
      const text = form.dataset.offline ?? document.body.dataset.offline
      if (navigator.onLine || !text || form.method === 'dialog') return
      event.preventDefault()
      event.stopImmediatePropagation()
      release(form)
      let place = form.querySelector<HTMLElement>('.lx-offline')
      if (!place) {
        place = document.createElement('p')
        place.className = 'lx-offline'
        place.setAttribute('role', 'alert')
        const button = (event as SubmitEvent).submitter
        if (button?.parentElement && form.contains(button)) button.parentElement.before(place)
        else form.append(place)
      }
      place.textContent = text
    },
    true,
  )
  window.addEventListener('online', () => {
    for (const place of document.querySelectorAll('.lx-offline')) place.remove()
    announce(document.body.dataset.online ?? '')
  })
}
