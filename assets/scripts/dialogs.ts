// <button data-dialog="ID"> opens <dialog id="ID">; [data-dialog-close] closes it. The focus goes to [data-safe].
import { fresh } from './dom'

export function open(dialog: HTMLDialogElement): void {
  if (!dialog.open) dialog.showModal()
  const safe = dialog.querySelector<HTMLElement>('[data-wrong], [autofocus], [data-safe]')
  safe?.focus()
}

export function dialogs(root: ParentNode): void {
  for (const button of fresh(root, '[data-dialog]', 'dialog')) {
    button.setAttribute('aria-haspopup', 'dialog')
    button.addEventListener('click', () => {
      const dialog = document.getElementById(button.dataset.dialog ?? '')
      if (dialog instanceof HTMLDialogElement) {
        button.closest('details')?.removeAttribute('open')
        open(dialog)
        dialog.addEventListener('close', () => button.focus(), { once: true })
      }
    })
  }
  for (const button of fresh(root, '[data-dialog-close]', 'close')) {
    button.addEventListener('click', () => button.closest('dialog')?.close())
  }
  for (const dialog of fresh<HTMLDialogElement>(root, 'dialog[data-open]', 'open')) open(dialog)
}
