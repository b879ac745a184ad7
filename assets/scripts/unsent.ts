// What was sent and was not taken (logged out meanwhile, the page too old, our fault) is put back into its form.
// Kept in this tab alone and for the same person, until a page answers; never passwords, files and hidden fields.
// A page on which something was not done carries <meta name="unsent">. Forms with data-draft keep their own.
import { announce } from './dom'
import { type Kept, read, write } from './drafts'

interface Sent { at: number; who: string; to: string; kept: Kept; lost: boolean }
const KEY = 'lianxi.sent'
const KEEP = 30 * 60 * 1000

function load(): Sent | null {
  try {
    const sent = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Sent | null
    return sent && Date.now() - sent.at < KEEP ? sent : null
  } catch {
    return null
  }
}

function store(sent: Sent | null): void {
  try {
    if (sent) sessionStorage.setItem(KEY, JSON.stringify(sent))
    else sessionStorage.removeItem(KEY)
  } catch {
    // A browser that keeps nothing gives nothing back.
  }
}

function path(form: HTMLFormElement): string {
  return new URL(form.getAttribute('hx-post') ?? form.getAttribute('action') ?? '', location.href).pathname
}

const who = (): string => document.body.dataset.who ?? ''
const cameBack = (): boolean => (performance.getEntriesByType('navigation')[0] as PerformanceNavigationTiming | undefined)?.type === 'back_forward'

function put(sent: Sent): boolean {
  const form = [...document.querySelectorAll<HTMLFormElement>('form[method="post" i]:not([data-draft])')].find((one) =>
    path(one) === sent.to && Object.keys(sent.kept).some((name) => one.elements.namedItem(name)))
  if (!form) return false
  write(form, sent.kept)
  const note = document.createElement('p')
  note.className = 'lx-offline'
  note.textContent = document.body.dataset.unsent ?? ''
  form.prepend(note)
  announce(note.textContent)
  return true
}

export function unsent(): void {
  document.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement
    if (form.method !== 'post' || form.dataset.draft !== undefined || !who()) return
    const kept = read(form)
    if (Object.values(kept).some((list) => list.some((text) => text.trim()))) store({ at: Date.now(), who: who(), to: path(form), kept, lost: false })
  }, true)
  // An answer to a part of the page may say that nothing was taken, before it leads elsewhere.
  document.addEventListener('htmx:beforeOnLoad', (event) => {
    const { xhr } = (event as CustomEvent<{ xhr: XMLHttpRequest }>).detail
    const sent = load()
    if (sent && xhr.getResponseHeader('X-Unsent')) store({ ...sent, lost: true })
  })
}

/** What was lost is put back, or forgotten: run once for each page. */
export function putBack(): void {
  const sent = load()
  if (!sent) return store(null)
  if (document.querySelector('meta[name="unsent"]')) return store({ ...sent, lost: true })
  if (!who()) return
  if (sent.who !== who()) return store(null)
  if (sent.lost || cameBack()) {
    if (put(sent)) store(null)
    else if (!sent.lost) store({ ...sent, lost: true })
  } else store(null)
}
