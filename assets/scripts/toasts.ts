// What was done stands at the foot for eight seconds, longer while the pointer or the focus is on it.
import { fresh } from './dom'

const SECONDS = 8

export function toasts(root: ParentNode): void {
  for (const toast of fresh(root, '[data-toast]', 'toast')) {
    const count = toast.querySelector<HTMLElement>('[data-seconds]')
    let left = Number(toast.dataset.toast || SECONDS)
    let held = false
    const timer = window.setInterval(() => {
      if (held) return
      left -= 1
      if (count) count.textContent = (count.dataset.seconds ?? '').replace('{n}', String(left))
      if (left > 0) return
      window.clearInterval(timer)
      toast.remove()
    }, 1000)
    for (const on of ['mouseenter', 'focusin']) toast.addEventListener(on, () => (held = true))
    for (const off of ['mouseleave', 'focusout']) toast.addEventListener(off, () => (held = false))
    toast.querySelector('[data-toast-close]')?.addEventListener('click', () => {
      window.clearInterval(timer)
      toast.remove()
    })
  }
}
