// The trustee's page: the four steps of somebody who keeps a share of the key, with our server or with files alone. Secrets go from
// the fields into a worker, and nowhere else.
import { Answered, Bar, Guard, announce, asked, clear, download, el, icon, learn, numberIn, once, part, parts, refuse, say, show, spoken, taken, toHead, wrong } from '../desk.ts'
import type { Results } from './messages.ts'
import { shown } from './report.ts'
import { NotOpened, Refused, alone, prepare, verifying, type Session } from './session.ts'

type Step = 'certificate' | 'polynomial' | 'output' | 'share'
/** What the server has for this trustee. */
type Files = {
  state: string
  number: number
  threshold: number
  trustees: { number: number; name: string; mine: boolean; done: Step[] }[]
  want: Step | null
  waits: number[]
  list: string | null
  input: string | null
  trustees_text: string | null
  own: Partial<Record<Step, string>>
  added_up: boolean
  attended: boolean
  shares: number
}

/** What the engine says of a key that does not belong here. */
const NOT_MINE = 'this trustee is not among them'
const KEY_FILE = 'trustee.key'
const AGAIN = 15_000
/** Steps that a page without a server can do after the network was taken away. */
const WITHOUT_NETWORK = 8
const SAVED: Record<Step, (owner: number) => string> = {
  certificate: () => 'certificate.json',
  polynomial: () => 'polynomial.json',
  output: () => 'output.json',
  share: (owner) => `decryption-${owner}.json`,
}

class Page {
  private readonly root: HTMLElement
  private readonly sections: HTMLElement[]
  private readonly guard = new Guard()
  private files: Files | null = null
  private opening: { session: Session; report: Results['verify'] } | null = null
  private list = ''
  /** What was made and could not be handed in: no network, or logged out. The same button hands it in, without the passphrase. */
  private kept: { step: Step; text: string } | null = null
  private timer = 0

  constructor(root: HTMLElement) {
    this.root = root
    this.sections = parts(root, 'step')
    this.begin('certificate', 'make', (section) => this.make(section))
    this.begin('polynomial', 'go', (section) => this.share(section))
    this.begin('output', 'go', (section) => this.key(section))
    this.begin('share', 'check', (section) => this.check(section))
    this.begin('share', 'open', (section) => this.open(section))
    for (const step of ['polynomial', 'output'] as const) {
      const section = this.section(step)
      const field = section.querySelector<HTMLInputElement>('[data-list]')
      field?.addEventListener('change', () => void this.attempt(section, async () => this.compare(section, await text(field, 'need_list'))))
    }
    if (this.served) void this.load(false)
    else this.choosing()
  }

  private get served(): boolean {
    return Boolean(this.root.dataset.files)
  }

  private section(step: string): HTMLElement {
    return this.sections.find((one) => one.dataset.step === step)!
  }

  /** A form of a step, whose work is done once and whose problems stand in it. */
  private begin(step: Step, form: string, work: (section: HTMLElement) => Promise<void>): void {
    const section = this.section(step)
    const place = part<HTMLFormElement>(section, `form-${form}`)
    place.addEventListener('submit', (event) => {
      event.preventDefault()
      const button = place.querySelector<HTMLButtonElement>('button[type=submit]')!
      const again = form !== 'check' && this.kept?.step === step ? this.kept : null
      void once(button, () => this.attempt(section, () => (again ? this.give(step, again.text, section) : work(section))))
    })
  }

  private async attempt(section: HTMLElement, work: () => Promise<void>): Promise<void> {
    const place = part(section, 'problem')
    clear(place)
    try {
      await work()
    } catch (error) {
      if (error instanceof Missing) return
      if (error instanceof Refused && error.said.why === NOT_MINE) refuse(place, say('other_key'))
      else if (error instanceof Refused) refuse(place, say('refused'), spoken(error.said))
      else if (error instanceof NotOpened) refuse(place, say(`locked_${error.message}`), error.message === 'passphrase' ? this.lost() : '')
      else if (error instanceof Answered) refuse(place, error.detail || error.message)
      else if (error instanceof RangeError) refuse(place, say('bad_threshold'))
      else refuse(place, say(navigator.onLine ? 'broken' : 'no_network'))
    } finally {
      for (const bar of parts(section, 'bar')) bar.hidden = true
    }
  }

  /** What it means that a key cannot be opened. */
  private lost(): string {
    const { files } = this
    if (!files) return say('lost_plain')
    return say('lost', { n: files.trustees.length, t: files.threshold, spare: files.trustees.length - files.threshold })
  }

  private bar(section: HTMLElement, label: string): Bar {
    const bar = new Bar(part(section, 'bar'))
    bar.begin(say(label))
    return bar
  }

  // Without a server: the reader chooses the step --------------------------------------------------------------------

  private choosing(): void {
    const links = parts<HTMLAnchorElement>(this.root, 'go-to')
    const turn = (focus: boolean): void => {
      const here = links.find((link) => link.hash === location.hash) ?? links[0]!
      for (const link of links) if (link === here) link.setAttribute('aria-current', 'page')
      else link.removeAttribute('aria-current')
      show(this.sections, this.section(here.dataset.goTo!), focus)
    }
    window.addEventListener('hashchange', () => turn(true))
    turn(false)
    prepare(WITHOUT_NETWORK)
  }

  // With the server: it says which step is due ------------------------------------------------------------------------

  private async load(focus: boolean): Promise<void> {
    window.clearTimeout(this.timer)
    const place = part(this.root, 'loading')
    try {
      this.files = (await (await asked(this.root.dataset.files!)).json()) as Files
    } catch (error) {
      refuse(place, error instanceof Answered ? error.detail || error.message : say('broken'))
      this.timer = window.setTimeout(() => void this.load(false), AGAIN)
      return
    }
    place.hidden = true
    this.draw(this.files, focus)
  }

  private draw(files: Files, focus: boolean): void {
    part(this.root, 'everybody').replaceChildren(...files.trustees.map((one) => row(one, files)))
    const due = files.want && !files.waits.length ? files.want : null
    if (due === 'share' && !(files.added_up && files.attended)) return this.rest(say(files.added_up ? 'wait_attended' : 'wait_sum'), '', focus)
    if (due) {
      show(this.sections, this.section(due), focus)
      if (due === 'polynomial' || due === 'output') void this.attempt(this.section(due), () => this.compare(this.section(due), files.list ?? ''))
      return
    }
    if (files.waits.length) return this.waits(files.trustees.filter((one) => files.waits.includes(one.number)), focus)
    if (files.state === 'preparing' || files.state === 'poll_open') return void this.finished(files, focus)
    if (files.state === 'poll_closed' && files.shares >= files.threshold) return this.rest(say('counting'), '', focus)
    if (files.state === 'poll_closed') return this.rest(say('shared', { n: files.shares, missing: Math.max(0, files.threshold - files.shares) }), '', focus)
    this.rest(say('over'), '', focus, false)
  }

  /** The own part is done; for whom the others wait. */
  private waits(others: Files['trustees'], focus: boolean): void {
    const names = others.map((one) => one.name).join(say('comma'))
    this.rest(names ? say('wait_others', { names }) : say('wait_key'), names ? say('wait_leave') : '', focus)
  }

  /** The key is whole: its eight signs, checked here, for the last comparison. */
  private async finished(files: Files, focus: boolean): Promise<void> {
    if (!files.trustees_text) return this.waits(files.trustees.filter((one) => !one.done.includes('output')), focus)
    this.rest(say('key_done'), say('key_keep'), focus, false)
    const section = this.section('rest')
    const output = files.own.output
    await this.attempt(section, async () => {
      const { code } = await alone({ step: 'trustees', text: files.trustees_text! }, null)
      const place = part(section, 'more')
      const save = el('button', { type: 'button', class: 'btn' }, icon('download'), el('span', {}, say('save_output')))
      save.addEventListener('click', () => download('output.json', output ?? ''))
      place.replaceChildren(el('p', {}, say('code_of_key')), el('p', { class: 'tk-code' }, code), el('p', {}, say('spare_files')), ...(output ? [el('p', {}, save)] : []))
    })
  }

  private rest(title: string, more: string, focus: boolean, again = true): void {
    const section = this.section('rest')
    part(section, 'title').textContent = title
    part(section, 'text').textContent = more
    part(section, 'more').replaceChildren()
    show(this.sections, section, focus)
    announce(title)
    if (again) this.timer = window.setTimeout(() => void this.load(false), AGAIN)
  }

  /** The file of a step goes to the server, or to the reader. */
  private async give(step: Step, text: string, section: HTMLElement, owner = 0): Promise<void> {
    if (this.served) {
      this.kept = { step, text }
      try {
        await asked(`${this.root.dataset.post}${step}/`, { method: 'POST', body: text, headers: { 'Content-Type': 'application/json' } })
      } catch (error) {
        if (error instanceof Answered && error.refused) this.kept = null
        throw error
      }
      this.kept = null
      this.guard.release()
      announce(say('given'))
      return this.load(true)
    }
    download(SAVED[step](owner), text)
    this.guard.release()
    const place = part(section, 'given')
    place.replaceChildren(icon('circle-check'), el('span', {}, say('saved_file', { file: SAVED[step](owner) })))
    place.hidden = false
    announce(place.textContent ?? '')
  }

  // The steps --------------------------------------------------------------------------------------------------------

  private async make(section: HTMLElement): Promise<void> {
    const [first, again] = [part<HTMLInputElement>(section, 'passphrase'), part<HTMLInputElement>(section, 'again')]
    if (wrong(first, [...first.value].length < 12 ? say('locked_short') : '') || wrong(again, first.value === again.value ? '' : say('differ'))) throw new Missing()
    const passphrase = taken(first)
    again.value = ''
    this.guard.hold()
    const name = this.root.dataset.name ?? ''
    const kind = section.querySelector<HTMLInputElement>('[data-alone]:checked')
    const made = await alone({ step: 'new', name, passphrase, alone: Boolean(kind) }, this.bar(section, 'making'))
    part(section, 'form-make').hidden = true
    const saving = part(section, 'saving')
    saving.hidden = false
    toHead(saving)
    const back = part<HTMLInputElement>(section, 'back')
    const give = part<HTMLButtonElement>(section, 'give')
    part(section, 'save').addEventListener('click', () => download(KEY_FILE, made.file))
    // The certificate is given only once the key file was read back: a key that was not saved is lost before it is used.
    back.addEventListener('change', async () => {
      const same = (await back.files?.[0]?.text())?.trim() === made.file
      wrong(back, same ? '' : say('not_same'))
      give.hidden = !same
      if (same) give.focus()
    })
    give.addEventListener('click', () => void once(give, () => this.attempt(section, async () => {
      if (this.served) return this.give('certificate', made.text, section)
      download(made.name, made.text)
      this.guard.release()
      const place = part(section, 'given')
      place.replaceChildren(icon('circle-check'), el('span', {}, say('saved_file', { file: made.name })))
      place.hidden = false
    })))
  }

  /** Shows the eight signs of a list, reckoned here, that the trustees read to each other. */
  private async compare(section: HTMLElement, list: string): Promise<void> {
    const { code, count, text: whole } = await alone({ step: 'list', list }, null)
    this.list = whole
    part(section, 'code').textContent = code
    part(section, 'count').textContent = say('list_of', { n: count })
    part(section, 'comparing').hidden = false
    if (!this.served) prepare(WITHOUT_NETWORK)
  }

  private async share(section: HTMLElement): Promise<void> {
    const threshold = this.files?.threshold ?? whole(part<HTMLInputElement>(section, 'threshold'), 2)
    const held = await this.held(section)
    await this.give('polynomial', await alone({ step: 'share', held, list: this.list, threshold, number: this.files?.number }, this.bar(section, 'sharing')), section)
  }

  private async key(section: HTMLElement): Promise<void> {
    const given = this.files?.input ?? (await text(part<HTMLInputElement>(section, 'given-to-me'), 'need_input'))
    const held = await this.held(section)
    await this.give('output', await alone({ step: 'key', held, list: this.list, given, number: this.files?.number }, this.bar(section, 'joining')), section)
  }

  /** The key file with its passphrase, once the signs were compared. */
  private async held(section: HTMLElement): Promise<{ file: string; passphrase: string }> {
    const compared = section.querySelector<HTMLInputElement>('[data-compared]')
    if (compared && wrong(compared, this.list && compared.checked ? '' : say(this.list ? 'not_compared' : 'need_list'))) throw new Missing()
    const file = await text(part<HTMLInputElement>(section, 'key-file'), 'need_key')
    const field = part<HTMLInputElement>(section, 'passphrase')
    if (wrong(field, field.value ? '' : say('need_passphrase'))) throw new Missing()
    return { file, passphrase: taken(field) }
  }

  private async check(section: HTMLElement): Promise<void> {
    this.opening?.session.end()
    this.opening = this.kept = null
    const [place, form] = [part(section, 'report'), part(section, 'form-open')]
    place.replaceChildren()
    form.hidden = true
    const archive = await this.archive(section)
    const session = verifying()
    const report = await session.ask({ step: 'verify', archive }, this.bar(section, 'checking'), (n) => say('checked', { n }))
    const { uuid } = this.root.dataset
    if (!report.wrong && uuid && report.uuid !== uuid) report.wrong = { zh: say('other_vote'), en: say('other_vote'), why: '' }
    place.replaceChildren(shown(report))
    toHead(place)
    const openable = ['EncryptedTally', 'EndShuffles', 'PartialDecryption'].includes(report.phase)
    if (report.wrong || !openable || !report.missing) return session.end()
    this.opening = { session, report }
    form.hidden = false
  }

  private async archive(section: HTMLElement): Promise<Blob> {
    const address = this.root.dataset.archive
    if (!address) return chosen(part<HTMLInputElement>(section, 'bel'), 'need_archive')
    const bar = this.bar(section, 'fetching')
    const answer = await asked(address, { headers: { Accept: '*/*' } })
    const pieces: BlobPart[] = []
    let got = 0
    for (const reader = answer.body!.getReader(); ; ) {
      const { done, value } = await reader.read()
      if (done) break
      pieces.push(value)
      got += value.length
      bar.move(0, say('megabytes', { n: (got / 1e6).toFixed(1) }))
    }
    return new Blob(pieces)
  }

  private async open(section: HTMLElement): Promise<void> {
    const { opening } = this
    if (!opening) throw new Missing()
    const { counted } = opening.report
    const attended = whole(part<HTMLInputElement>(section, 'attended'), 0)
    const absent = part<HTMLInputElement>(section, 'absent')
    const without = absent.value.trim() ? whole(absent, 0) : 0
    if (attended - without !== counted) {
      refuse(part(section, 'problem'), say('unequal', { counted, attended, without }), say('unequal_next'))
      throw new Missing()
    }
    const printed = part<HTMLInputElement>(section, 'printed')
    if (wrong(printed, printed.checked ? '' : say('not_printed'))) throw new Missing()
    const output = this.files ? (this.files.own.output ?? null) : await optional(part<HTMLInputElement>(section, 'output-file'))
    const held = await this.held(section)
    const { owner, text: made } = await opening.session.ask({ step: 'decrypt', held, output }, this.bar(section, 'opening'))
    if (this.served) download(SAVED.share(owner), made)
    await this.give('share', made, section, owner)
    opening.session.end()
    this.opening = null
    part(section, 'form-open').hidden = true
  }
}

/** Something was not filled in, and its field says so. */
class Missing extends Error {}

function chosen(field: HTMLInputElement, need: string): File {
  const file = field.files?.[0]
  if (wrong(field, file ? '' : say(need)) || !file) throw new Missing()
  return file
}

const MOST = 8 * 1024 * 1024
async function text(field: HTMLInputElement, need: string): Promise<string> {
  const file = chosen(field, need)
  if (wrong(field, file.size > MOST ? say('too_large') : '')) throw new Missing()
  return (await file.text()).trim()
}

const optional = async (field: HTMLInputElement): Promise<string | null> => (field.files?.[0] ? text(field, '') : null)

/** The whole number in a field. */
function whole(field: HTMLInputElement, least: number): number {
  const number = numberIn(field)
  if (wrong(field, number >= least ? '' : say('need_number'))) throw new Missing()
  return number
}

function row(one: Files['trustees'][number], files: Files): HTMLElement {
  const steps: Step[] = files.state === 'preparing' || files.state === 'poll_open' ? ['certificate', 'polynomial', 'output'] : ['share']
  const chips = steps.map((step) => {
    const done = one.done.includes(step)
    return el('span', { class: `lx-chip lx-chip-${done ? 'green' : 'neutral'}` }, icon(done ? 'circle-check' : 'circle'), el('span', {}, say(`step_${step}`)))
  })
  return el('li', { class: 'tk-person' }, el('b', {}, `${one.number}. ${one.name}`), one.mine ? el('span', { class: 'lx-2' }, say('you')) : null, el('span', { class: 'lx-chips' }, ...chips))
}

const root = document.querySelector<HTMLElement>('[data-trustee]')
if (root) {
  learn('trustee-words')
  new Page(root)
}
