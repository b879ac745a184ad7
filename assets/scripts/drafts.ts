// What is being written is kept on this device: <form data-draft="NAME">, with [data-draft-says] (its text is shown
// once something is kept) and [data-draft-clear]. Files, passwords and hidden fields are never kept.
// The page after success carries <meta name="sent" content="NAME">, or the form data-draft-done.
import { announce, fresh } from './dom'

export type Kept = Record<string, string[]>
const PREFIX = 'lianxi.draft.'
const KEEP = 14 * 24 * 3600 * 1000

function fields(form: HTMLFormElement): HTMLInputElement[] {
  return [...form.elements].filter((element): element is HTMLInputElement => {
    const field = element as HTMLInputElement
    return Boolean(field.name) && !['hidden', 'password', 'file', 'submit', 'button', 'reset'].includes(field.type) && !field.hasAttribute('data-no-draft')
  })
}

export function read(form: HTMLFormElement): Kept {
  const kept: Kept = {}
  for (const field of fields(form)) {
    const list = (kept[field.name] ??= [])
    if (['checkbox', 'radio'].includes(field.type)) {
      if (field.checked) list.push(field.value)
    } else if (field.value) list.push(field.value)
  }
  return kept
}

export function write(form: HTMLFormElement, kept: Kept): void {
  for (const field of fields(form)) {
    const list = kept[field.name]
    if (!list) continue
    if (['checkbox', 'radio'].includes(field.type)) field.checked = list.includes(field.value)
    else field.value = list[0] ?? ''
    field.dispatchEvent(new Event('input', { bubbles: true }))
  }
}

export function forget(name: string): void {
  try {
    localStorage.removeItem(PREFIX + name)
  } catch {
    // A browser that keeps nothing has nothing to forget.
  }
}

function stored(name: string): Kept | null {
  try {
    const { at, kept } = JSON.parse(localStorage.getItem(PREFIX + name) ?? '{}') as { at?: number; kept?: Kept }
    return at && kept && Date.now() - at < KEEP ? kept : null
  } catch {
    return null
  }
}

export function drafts(root: ParentNode): void {
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="sent"]')) forget(meta.content)
  for (const form of fresh<HTMLFormElement>(root, 'form[data-draft]', 'draft')) {
    const name = form.dataset.draft ?? ''
    const says = form.querySelector<HTMLElement>('[data-draft-says]')
    const clear = form.querySelector<HTMLElement>('[data-draft-clear]')
    const show = (on: boolean): void => {
      if (says) says.textContent = on ? (says.dataset.draftSays ?? '') : ''
      if (clear) clear.hidden = !on
    }
    const kept = stored(name)
    const untouched = !form.querySelector('[data-wrong], .lx-errors')
    if (kept && untouched) write(form, kept)
    show(Boolean(kept))
    let timer = 0
    const keep = (): void => {
      window.clearTimeout(timer)
      timer = 0
      const now = read(form)
      const any = Object.values(now).some((list) => list.some((text) => text.trim()))
      try {
        if (any) localStorage.setItem(PREFIX + name, JSON.stringify({ at: Date.now(), kept: now }))
        else forget(name)
        show(any)
      } catch {
        show(false)
      }
    }
    form.addEventListener('input', () => {
      window.clearTimeout(timer)
      timer = window.setTimeout(keep, 400)
    })
    // Whoever leaves within those 400 ms loses nothing either.
    window.addEventListener('pagehide', () => timer && keep())
    clear?.addEventListener('click', () => {
      forget(name)
      form.reset()
      for (const field of fields(form)) {
        if (['checkbox', 'radio'].includes(field.type)) field.checked = false
        else field.value = ''
      }
      form.dispatchEvent(new Event('lx:cleared'))
      show(false)
      announce(clear.dataset.draftClear ?? '')
      fields(form)[0]?.focus()
    })
  }
}
