// The card giver's page: makes the cards on this device, hands their public keys to the server, prints the cards, and replaces a
// lost one. The secret signs leave this page on paper and in the giver's locked file, and in no other way.
import { Answered, Bar, Guard, announce, asked, clear, download, el, icon, learn, numberIn, once, part, refuse, say, taken, toHead, wrong } from './desk.ts'
import type { Box, Card, Person } from './cards/making.ts'
import type { Asked, Results, Told } from './cards/messages.ts'
import { ON_A_SHEET, letter, sheet } from './cards/sheet.ts'

/** Cards that are printed at once: 75 sheets, or as many letters. */
const AT_ONCE = 300
/** Milliseconds for which the page makes sheets before it answers others. */
const SLICE = 24

class Refused extends Error {}
class Missing extends Error {}

class Cards {
  private readonly root: HTMLElement
  private readonly guard = new Guard()
  private worker = new Worker(new URL('./cards/worker.ts', import.meta.url), { type: 'module' })
  private box: Box | null = null
  private print = ''

  constructor(root: HTMLElement) {
    this.root = root
    this.form('make', () => this.make())
    this.form('open', () => this.open())
    this.form('lost', () => this.lost())
    part(root, 'sheet-of-cards').addEventListener('click', () => this.paper([this.signed()]))
    part(root, 'csv').addEventListener('click', () => download(say('csv_name'), this.csv(), 'text/csv'))
    part(root, 'done').addEventListener('click', () => this.done())
    window.addEventListener('afterprint', () => this.offPaper())
    window.addEventListener('pagehide', () => this.forget())
    window.addEventListener('pageshow', (event) => {
      if (event.persisted) location.reload()
    })
  }

  private form(name: string, work: () => Promise<void>): void {
    const form = this.root.querySelector<HTMLFormElement>(`[data-form-${name}]`)
    form?.addEventListener('submit', (event) => {
      event.preventDefault()
      void once(form.querySelector<HTMLButtonElement>('button[type=submit]')!, () => this.attempt(form, work))
    })
  }

  private async attempt(place: HTMLElement, work: () => Promise<void>): Promise<void> {
    const problem = part(place, 'problem')
    clear(problem)
    try {
      await work()
    } catch (error) {
      if (error instanceof Missing) return
      if (error instanceof Refused) refuse(problem, say(error.message))
      else if (error instanceof Answered) refuse(problem, error.detail || error.message)
      else refuse(problem, say(navigator.onLine ? 'broken' : 'no_network'))
    } finally {
      part(place, 'bar').hidden = true
    }
  }

  private ask<K extends keyof Results>(question: Extract<Asked, { step: K }>, place: HTMLElement, label: string): Promise<Results[K]> {
    const bar = new Bar(part(place, 'bar'))
    bar.begin(say(label))
    return new Promise((resolve, reject) => {
      this.worker.onerror = () => reject(new Error('worker'))
      this.worker.onmessage = (event: MessageEvent<Told>) => {
        const told = event.data
        if (told.kind === 'progress') bar.move(told.share, told.count ? say('made_so_far', { n: told.count }) : '')
        else if (told.kind === 'done') resolve(told.result as Results[K])
        else reject(new Refused(told.why))
      }
      this.worker.postMessage(question)
    })
  }

  private get uuid(): string {
    return this.root.dataset.uuid!
  }

  private async make(): Promise<void> {
    const form = part(this.root, 'form-make')
    const [first, again] = [part<HTMLInputElement>(form, 'passphrase'), part<HTMLInputElement>(form, 'again')]
    if (wrong(first, [...first.value].length < 12 ? say('locked_short') : '') || wrong(again, first.value === again.value ? '' : say('differ'))) throw new Missing()
    const sent = form.querySelector<HTMLInputElement>('[data-sent]:checked') !== null
    const people = sent ? ((await (await asked(this.root.dataset.names!, { method: 'POST' })).json()) as { people: Person[] }).people : null
    const passphrase = taken(first)
    again.value = ''
    this.guard.hold()
    const count = Number(this.root.dataset.count)
    const made = await this.ask({ step: 'make', uuid: this.uuid, title: this.root.dataset.title!, count, people, passphrase }, form, 'making')
    form.closest<HTMLElement>('section, details')!.hidden = true
    await this.saved(made.file, async () => {
      await asked(this.root.dataset.post!, { method: 'POST', body: JSON.stringify({ keys: made.keys, instead: this.root.dataset.listPrint ?? '' }), headers: { 'Content-Type': 'application/json' } })
      this.have(made.box, made.print, say('registered', { n: count }))
    })
  }

  /** The file is saved and read back before anything is told to the server: else nobody could replace a lost card. */
  private saved(file: string, then: () => Promise<void>): Promise<void> {
    this.guard.hold()
    const place = part(this.root, 'saving')
    place.hidden = false
    toHead(place)
    const save = part<HTMLButtonElement>(place, 'save')
    const back = part<HTMLInputElement>(place, 'back')
    const go = part<HTMLButtonElement>(place, 'go-on')
    back.value = ''
    go.hidden = true
    save.onclick = () => download(say('file_name'), file)
    back.onchange = async () => {
      const same = (await back.files?.[0]?.text())?.trim() === file
      wrong(back, same ? '' : say('not_same'))
      go.hidden = !same
      if (same) go.focus()
    }
    return new Promise((resolve) => {
      go.onclick = () =>
        void once(go, () =>
          this.attempt(place, async () => {
            await then()
            this.guard.release()
            place.hidden = true
            resolve()
          }),
        )
    })
  }

  private async open(): Promise<void> {
    const form = part(this.root, 'form-open')
    const field = part<HTMLInputElement>(form, 'file')
    const file = field.files?.[0]
    if (wrong(field, file ? '' : say('need_file')) || !file) throw new Missing()
    const pass = part<HTMLInputElement>(form, 'passphrase')
    if (wrong(pass, pass.value ? '' : say('need_passphrase'))) throw new Missing()
    const opened = await this.ask({ step: 'open', uuid: this.uuid, file: (await file.text()).trim(), passphrase: taken(pass) }, form, 'opening')
    // A file from before a card was replaced has a card that is worth nothing, and lacks one that votes.
    if (opened.print !== this.root.dataset.listPrint) throw new Refused('old_file')
    this.have(opened.box, opened.print, say('opened', { n: opened.box.cards.filter((one) => !one.lost).length }))
  }

  /** Cards are there: they can be printed, and a lost one replaced. */
  private have(box: Box, print: string, said: string): void {
    this.box = box
    this.print = this.root.dataset.listPrint = print
    const place = part(this.root, 'have')
    place.hidden = false
    part(place, 'said').textContent = said
    part(place, 'count').textContent = say('cards', { n: this.good.length })
    part(place, 'print-of-list').textContent = print
    const sent = box.cards.some((one) => one.name !== undefined)
    part(place, 'csv').hidden = part(place, 'letters').hidden = !sent
    this.offer('prints', 'print_some', ON_A_SHEET)
    if (sent) this.offer('letter-prints', 'letters_some', 1)
    announce(said)
    toHead(place)
  }

  /** A button for each part of the cards that is printed at once, `each` to a sheet; the parts that were printed say so. */
  private offer(name: string, label: string, each: number): void {
    const { good } = this
    const buttons: HTMLElement[] = []
    for (let at = 0; at < good.length; at += AT_ONCE) {
      const some = good.slice(at, at + AT_ONCE)
      const words = say(label, { from: some[0]!.number, to: some.at(-1)!.number })
      const said = el('span', {}, words)
      const button = el('button', { type: 'button', class: 'btn btn-strong' }, icon('printer'), said)
      button.addEventListener('click', () =>
        void once(button, async () => {
          await this.lay(some, each)
          said.textContent = say('printed', { what: words })
        }),
      )
      buttons.push(button)
    }
    part(this.root, name).replaceChildren(...buttons)
  }

  /** Sheet by sheet, so that the page answers meanwhile. */
  private async lay(cards: readonly Card[], each: number): Promise<void> {
    const { title } = this.box!
    const { address, unit } = this.root.dataset
    const bar = new Bar(part(this.root, 'laying'))
    bar.begin(say('laying'))
    const pages: HTMLElement[] = []
    let last = performance.now()
    for (let at = 0; at < cards.length; at += each) {
      pages.push(each === 1 ? letter(cards[at]!, title, address!, unit!) : sheet(cards.slice(at, at + each), title, address!))
      if (performance.now() - last < SLICE) continue
      bar.move(at / cards.length, say('laid_so_far', { n: at + each }))
      await new Promise((go) => setTimeout(go))
      last = performance.now()
    }
    bar.end()
    if (this.box) this.paper(pages)
  }

  private get good(): Card[] {
    return this.box?.cards.filter((one) => !one.lost) ?? []
  }

  private async lost(): Promise<void> {
    const form = part(this.root, 'form-lost')
    const field = part<HTMLInputElement>(form, 'lost-number')
    const number = numberIn(field)
    if (wrong(field, number > 0 ? '' : say('need_number'))) throw new Missing()
    const pass = part<HTMLInputElement>(form, 'passphrase')
    if (wrong(pass, [...pass.value].length < 12 ? say('locked_short') : '')) throw new Missing()
    const made = await this.ask({ step: 'again', number, passphrase: taken(pass) }, form, 'replacing')
    await this.saved(made.file, async () => {
      await asked(this.root.dataset.reissue!, { method: 'POST', body: JSON.stringify({ old: made.old, new: made.fresh }), headers: { 'Content-Type': 'application/json' } })
      field.value = ''
      this.have(made.box, made.print, say('replaced', { old: number, n: made.card.number }))
      await this.lay([made.card], ON_A_SHEET)
    })
  }

  private csv(): string {
    const cell = (text: string): string => `"${text.replace(/^[=+\-@\t\r]/, "'$&").replaceAll('"', '""')}"`
    const rows = this.good.map((one) => [String(one.number), one.name ?? '', one.note ?? ''])
    return `\ufeff${[[say('csv_number'), say('name'), say('csv_note')], ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`
  }

  /** The sheet that giver and trustees sign: how many cards there are, and the fingerprint of their list. */
  private signed(): HTMLElement {
    const row = (name: string, value: string, code = false): HTMLElement => el('tr', {}, el('th', { scope: 'row' }, name), el('td', code ? { class: 'lx-code' } : {}, value))
    const lost = (this.box?.cards.length ?? 0) - this.good.length
    return el('div', { class: 'ck-paper' }, el('h1', {}, say('sheet_title')), el('p', {}, this.box?.title ?? ''),
      el('table', {}, el('tbody', {}, row(say('sheet_count'), say('cards', { n: this.good.length })), row(say('sheet_lost'), say('cards', { n: lost })), row(say('sheet_print'), this.print, true))),
      el('p', {}, say('sheet_why')), el('div', { class: 'ck-sign' }, ...say('sheet_sign').split('\n').map((line) => el('span', {}, line))))
  }

  private paper(pages: HTMLElement[]): void {
    part(this.root, 'paper').replaceChildren(...pages)
    document.body.classList.add('ck-on-paper')
    window.print()
  }

  /** What was printed, or not, stands on the page no longer than the browser needs it. */
  private offPaper(): void {
    part(this.root, 'paper').replaceChildren()
    document.body.classList.remove('ck-on-paper')
  }

  /** No secret signs are left here; the giver's locked file is the way back to them. */
  private forget(): void {
    this.worker.terminate()
    this.box = null
    this.offPaper()
    for (const name of ['have', 'saving']) part(this.root, name).hidden = true
  }

  private done(): void {
    this.forget()
    location.reload()
  }
}

const root = document.querySelector<HTMLElement>('[data-cards]')
if (root) {
  learn('cards-words')
  new Cards(root)
}
