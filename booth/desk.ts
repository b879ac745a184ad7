// Small things of the pages on which cards and keys are made. They stand apart from the house's scripts and from the booth's.

type Words = Record<string, string>
let words: Words = {}
let language = 'zh'

/** The sentences of the page, in the reader's language, from its JSON block. */
export function learn(id: string): void {
  words = JSON.parse(document.getElementById(id)?.textContent ?? '{}') as Words
  language = document.documentElement.lang.startsWith('zh') ? 'zh' : 'en'
}

/** A sentence with its gaps filled. */
export function say(key: string, facts: Record<string, string | number> = {}): string {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (gap, name: string) => String(facts[name] ?? gap))
}

/** The one of two languages that the page is in. */
export const spoken = (said: { zh: string; en: string }): string => (language === 'zh' ? said.zh : said.en)

/** Tell a screen reader without moving the focus. */
export function announce(text: string): void {
  const place = document.getElementById('said')
  if (place) place.textContent = text
}

type Child = Node | string | null
type Attributes = Record<string, string | number | boolean>

/** An element with its attributes and children; a false attribute is left out. */
export function el<K extends keyof HTMLElementTagNameMap>(name: K, attributes: Attributes = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) if (value !== false) made.setAttribute(key, value === true ? '' : String(value))
  made.append(...children.filter((child) => child !== null))
  return made
}

/** An icon from the sprite of this page. */
export function icon(name: string): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('class', 'icon')
  svg.setAttribute('aria-hidden', 'true')
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use')
  use.setAttribute('href', `${document.body.dataset.sprite ?? ''}#${name}`)
  svg.append(use)
  return svg
}

/** The element under `root` with this data attribute; the template has one. */
export function part<T extends HTMLElement = HTMLElement>(root: ParentNode, name: string): T {
  const found = root.querySelector<T>(`[data-${name}]`)
  if (!found) throw new Error(`the page has no ${name}`)
  return found
}
export const parts = <T extends HTMLElement = HTMLElement>(root: ParentNode, name: string): T[] => [...root.querySelectorAll<T>(`[data-${name}]`)]

/** Shows one of the parts and hides the others; the focus goes to its heading when the reader did something. */
export function show(all: readonly HTMLElement[], one: HTMLElement | null, focus = false): void {
  for (const each of all) each.hidden = each !== one
  if (one && focus) toHead(one)
}

/** The focus on a heading that is not in the order of the tabulator. */
export function toHead(place: HTMLElement): void {
  const head = place.matches('h1, h2, h3') ? place : place.querySelector<HTMLElement>('h1, h2, h3, .lx-refusal-title')
  if (!head) return
  head.tabIndex = -1
  head.focus()
}

/** Gives a text to the reader as a file of this device. */
export function download(name: string, text: string, type = 'application/json'): void {
  const address = URL.createObjectURL(new Blob([text], { type }))
  const link = el('a', { href: address, download: name })
  document.body.append(link)
  link.click()
  link.remove()
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}

/** What was not done, in place, with what to do. */
export function refuse(place: HTMLElement, title: string, more = ''): void {
  const line = el('p', { class: 'lx-refusal-title' })
  line.append(icon('circle-x'), el('span', {}, title))
  const box = el('div', { class: 'lx-refusal', role: 'alert' }, line, more ? el('p', {}, more) : null)
  place.replaceChildren(box)
  place.hidden = false
}

export function clear(place: HTMLElement): void {
  place.replaceChildren()
  place.hidden = true
}

/** A bar that says what is done and how far. */
export class Bar {
  private readonly bar: HTMLProgressElement
  private readonly label: HTMLElement
  private readonly count: HTMLElement
  private readonly place: HTMLElement

  constructor(place: HTMLElement) {
    this.place = place
    this.label = el('b')
    this.count = el('span', { class: 'num' })
    this.bar = el('progress', { max: 1 })
    place.classList.add('lx-progress')
    place.replaceChildren(el('div', {}, this.label, this.count), this.bar)
    place.hidden = true
  }

  begin(label: string): void {
    this.label.textContent = label
    this.bar.setAttribute('aria-label', label)
    this.count.textContent = ''
    this.bar.removeAttribute('value')
    this.place.hidden = false
    announce(label)
  }

  move(share: number, count = ''): void {
    this.bar.value = share
    this.count.textContent = count
  }

  end(): void {
    this.place.hidden = true
  }
}

/** A button that was pressed cannot be pressed again until its work is done. */
export async function once(button: HTMLButtonElement, work: () => Promise<void>): Promise<void> {
  if (button.getAttribute('aria-disabled') === 'true') return
  button.setAttribute('aria-disabled', 'true')
  button.classList.add('lx-busy')
  try {
    await work()
  } finally {
    button.removeAttribute('aria-disabled')
    button.classList.remove('lx-busy')
  }
}

/** The page is not left without a question while something on it would be lost. */
export class Guard {
  private held = false

  constructor() {
    window.addEventListener('beforeunload', (event) => {
      if (this.held) event.preventDefault()
    })
  }

  hold(): void {
    this.held = true
  }

  release(): void {
    this.held = false
  }
}

/** What a field holds, which is emptied: a passphrase stays on the page no longer than it must. */
export function taken(field: HTMLInputElement): string {
  const { value } = field
  field.value = ''
  return value
}

/** Marks a field as wrong, with the sentence under it; an empty one takes the mark away. */
export function wrong(field: HTMLInputElement, sentence: string): boolean {
  const place = document.getElementById(`${field.id}-error`)
  if (place) {
    place.replaceChildren(...(sentence ? [icon('circle-x'), el('span', {}, sentence)] : []))
    place.hidden = !sentence
  }
  field.setAttribute('aria-invalid', String(Boolean(sentence)))
  if (sentence) field.focus()
  return Boolean(sentence)
}

/** The whole number that was typed, in digits of any width; -1 where it is none. */
export function numberIn(field: HTMLInputElement): number {
  const said = field.value.normalize('NFKC').trim()
  return /^[0-9]{1,9}$/.test(said) ? Number(said) : -1
}

/** The answer of our own server. Throws Answered for one that says no. */
export class Answered extends Error {
  readonly detail: string
  /** Whether the server looked at it and will not have it: the same once more would be refused once more. */
  readonly refused: boolean

  constructor(title: string, detail: string, refused = false) {
    super(title)
    this.detail = detail
    this.refused = refused
  }
}

/** Against forged requests. It changes when somebody logs in, in another tab for example, so the cookie goes before the page. */
const token = (): string => /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? document.body.dataset.csrf ?? ''

export async function asked(url: string, options: RequestInit = {}): Promise<Response> {
  const headers = { 'X-CSRFToken': token(), Accept: 'application/json', ...options.headers }
  let answer: Response
  try {
    answer = await fetch(url, { credentials: 'same-origin', cache: 'no-store', ...options, headers })
  } catch {
    throw new Answered(say('no_network'), '')
  }
  // Whoever was logged out meanwhile is led to the log-in page: that is a page, and no yes.
  if (answer.redirected) throw new Answered(say('logged_out'), '')
  if (answer.ok) return answer
  const said = (await answer.json().catch(() => null)) as { title?: string; detail?: string } | null
  throw new Answered(said?.title ?? say('no_answer'), said?.detail ?? '', said !== null && answer.status < 500)
}
