// The ballot as it is marked: large buttons, nothing preselected, a limit that says so when it is reached.
import type { Mark, Shown, View, Vote } from './messages.ts'
import { el, icon, say } from './page.ts'

export const MARKS: Mark[] = ['favour', 'oppose', 'abstain']
const ICONS: Record<Mark, string> = { favour: 'circle-check', oppose: 'circle-x', abstain: 'circle' }

/** What the voter has marked so far; null where nothing was marked yet. */
interface State {
  marks: (Mark | null)[]
  /** To each candidate who is opposed, somebody else of the roster, or ''. */
  instead: string[]
  chosen: boolean[][]
  blank: boolean[]
}

export class Sheet {
  private readonly view: View
  private readonly place: HTMLElement
  private readonly told: (sentence: string) => void
  private readonly changed: () => void
  private state: State

  /** `told`: says why a mark was not taken. `changed`: after every mark. */
  constructor(view: View, place: HTMLElement, told: (sentence: string) => void, changed: () => void) {
    this.view = view
    this.place = place
    this.told = told
    this.changed = changed
    const count = view.kind === 'candidates' ? view.candidates.length : view.questions.length
    const questions = view.kind === 'questions' ? view.questions : []
    this.state = {
      marks: Array.from({ length: count }, () => null),
      instead: Array.from({ length: count }, () => ''),
      chosen: questions.map((one) => (one.kind === 'choice' ? one.answers.map(() => false) : [])),
      blank: questions.map(() => false),
    }
    this.draw()
  }

  private draw(): void {
    const { view } = this
    const parts =
      view.kind === 'candidates'
        ? view.candidates.map((name, at) => this.marked(at, name))
        : view.questions.map((one, at) => (one.kind === 'motion' ? this.marked(at, one.text) : this.choosing(at, one)))
    this.place.replaceChildren(...parts)
  }

  // Marks: in favour, against, abstaining

  private marked(at: number, text: string): HTMLElement {
    const row = el('div', { class: 'lx-marks' })
    for (const mark of MARKS) {
      const input = el('input', { type: 'radio', name: `mark-${at}`, value: mark })
      input.checked = this.state.marks[at] === mark
      input.addEventListener('change', () => this.mark(at, mark))
      row.append(el('label', { class: 'lx-choice' }, input, el('span', {}, say(mark))))
    }
    const legend = el('legend', {}, this.view.kind === 'candidates' ? el('span', { class: 'lx-booth-number' }, `${at + 1}`) : `${at + 1}. `, text)
    const field = el('fieldset', { class: 'lx-booth-item', 'data-item': at }, legend, row)
    if (this.state.marks[at] === 'oppose') this.offerOther(field, at)
    return field
  }

  private mark(at: number, mark: Mark): void {
    const was = this.state.marks[at]!
    if (mark === 'favour' && was !== 'favour' && this.favoured() >= this.most()) {
      for (const input of this.item(at).querySelectorAll<HTMLInputElement>('[type=radio]')) input.checked = input.value === was
      this.told(say('too_many', { most: this.most() }))
      return
    }
    this.state.marks[at] = mark
    const field = this.item(at)
    if (mark === 'oppose') {
      if (!field.querySelector('select')) this.offerOther(field, at)
    } else {
      this.state.instead[at] = ''
      field.querySelector('.lx-booth-other')?.remove()
      this.others()
    }
    this.changed()
  }

  private item(at: number): HTMLElement {
    return this.place.querySelector<HTMLElement>(`[data-item="${at}"]`)!
  }

  // Somebody else, in the place of one who is opposed

  private offerOther(field: HTMLElement, at: number): void {
    if (this.view.kind !== 'candidates' || !this.view.roster.length) return
    const select = el('select', { class: 'form-select', id: `other-${at}` }, el('option', { value: '' }, say('nobody_else')))
    for (const name of this.view.roster) select.append(el('option', { value: name }, name))
    select.value = this.state.instead[at]!
    select.addEventListener('change', () => this.other(at, select))
    field.append(el('div', { class: 'lx-booth-other' }, el('label', { for: `other-${at}` }, say('somebody_else')), select))
    this.others()
  }

  private other(at: number, select: HTMLSelectElement): void {
    if (select.value && !this.state.instead[at] && this.favoured() >= this.most()) {
      select.value = ''
      this.told(say('too_many', { most: this.most() }))
      return
    }
    this.state.instead[at] = select.value
    this.others()
    this.changed()
  }

  /** A name that was written in once cannot be written in again. */
  private others(): void {
    for (const select of this.place.querySelectorAll<HTMLSelectElement>('.lx-booth-other select')) {
      for (const option of select.options) option.disabled = Boolean(option.value) && option.value !== select.value && this.state.instead.includes(option.value)
    }
  }

  // Options, up to so many

  private choosing(at: number, { text, answers, blank }: Extract<Shown, { kind: 'choice' }>): HTMLElement {
    const list = el('div', { class: 'lx-choices' })
    answers.forEach((answer, place) => {
      const input = el('input', { type: 'checkbox', name: `choice-${at}`, value: place })
      input.checked = this.state.chosen[at]![place]!
      input.addEventListener('change', () => this.choose(at, place, input))
      list.append(el('label', { class: 'lx-choice' }, input, el('span', {}, answer)))
    })
    if (blank) {
      const input = el('input', { type: 'checkbox', name: `blank-${at}`, value: 'blank' })
      input.checked = this.state.blank[at]!
      input.addEventListener('change', () => this.leaveBlank(at, input.checked))
      list.append(el('label', { class: 'lx-choice lx-booth-blank' }, input, el('span', {}, say('blank'))))
    }
    return el('fieldset', { class: 'lx-booth-item', 'data-item': at }, el('legend', { class: this.alone() ? 'visually-hidden' : '' }, text), list)
  }

  /** One question alone stands in the title of the page already. */
  private alone(): boolean {
    return this.view.kind === 'questions' && this.view.questions.length === 1
  }

  private choose(at: number, place: number, input: HTMLInputElement): void {
    const chosen = this.state.chosen[at]!
    if (input.checked && chosen.filter(Boolean).length >= this.mostOf(at)) {
      input.checked = false
      this.told(say('too_many_options', { most: this.mostOf(at) }))
      return
    }
    chosen[place] = input.checked
    if (input.checked) this.untick(at)
    this.changed()
  }

  private untick(at: number): void {
    this.state.blank[at] = false
    const box = this.item(at).querySelector<HTMLInputElement>('[value=blank]')
    if (box) box.checked = false
  }

  private leaveBlank(at: number, blank: boolean): void {
    this.state.blank[at] = blank
    if (blank) {
      this.state.chosen[at] = this.state.chosen[at]!.map(() => false)
      for (const box of this.item(at).querySelectorAll<HTMLInputElement>(`[name="choice-${at}"]`)) box.checked = false
    }
    this.changed()
  }

  private mostOf(at: number): number {
    const one = this.view.kind === 'questions' ? this.view.questions[at]! : null
    return one?.kind === 'choice' ? one.max : 1
  }

  // What it comes to

  private most(): number {
    return this.view.kind === 'candidates' ? this.view.most : Number.MAX_SAFE_INTEGER
  }

  private favoured(): number {
    const written = this.state.instead.filter(Boolean).length
    return this.state.marks.filter((mark) => mark === 'favour').length + written
  }

  /** The count that stands beside the button, while the ballot is marked. */
  counted(): string {
    const { view, state } = this
    if (view.kind === 'candidates') return say('counted', { n: this.favoured(), most: view.most })
    if (this.alone() && view.questions[0]!.kind === 'choice') {
      return say('counted_options', { n: state.chosen[0]!.filter(Boolean).length, most: view.questions[0]!.max })
    }
    const done = view.questions.filter((one, at) => (one.kind === 'motion' ? state.marks[at] : state.blank[at] || state.chosen[at]!.some(Boolean))).length
    return say('counted_motions', { n: done, all: view.questions.length })
  }

  /** Why the ballot cannot be handed in yet, and where; null if it can. What is not marked counts as abstaining. */
  problem(): { sentence: string; at: HTMLElement } | null {
    if (this.view.kind !== 'questions') return null
    for (const [at, one] of this.view.questions.entries()) {
      if (one.kind !== 'choice' || this.state.blank[at]) continue
      const count = this.state.chosen[at]!.filter(Boolean).length
      if (count >= one.min) continue
      const sentence = say(one.blank ? 'too_few_or_blank' : 'too_few', { least: one.min })
      return { sentence, at: this.item(at).querySelector<HTMLElement>('input')! }
    }
    return null
  }

  /** Whether anything is marked. */
  touched(): boolean {
    const { marks, chosen, blank } = this.state
    return marks.some((one) => one !== null) || blank.some(Boolean) || chosen.some((row) => row.some(Boolean))
  }

  vote(): Vote {
    const { view, state } = this
    if (view.kind === 'candidates') {
      return { kind: 'candidates', marks: state.marks.map((mark) => mark ?? 'abstain'), names: state.instead.filter(Boolean) }
    }
    const answers = view.questions.map((one, at) =>
      one.kind === 'motion' ? { mark: state.marks[at] ?? ('abstain' as const) } : { chosen: [...state.chosen[at]!], blank: state.blank[at]! },
    )
    return { kind: 'questions', answers }
  }

  /** The vote in words, with what was left unmarked said so. */
  look(): HTMLElement {
    const { view, state } = this
    return toldVote(view, this.vote(), state.marks, state.instead)
  }

  kept(): string {
    return JSON.stringify(this.state)
  }

  /** Takes up what was marked before the page was loaded again. */
  restore(kept: string): void {
    const state = JSON.parse(kept) as State
    if (state.marks.length !== this.state.marks.length || state.chosen.length !== this.state.chosen.length) return
    this.state = state
    this.draw()
    this.changed()
  }

  /** Forgets every mark. */
  wipe(): void {
    this.state = { marks: this.state.marks.map(() => null), instead: this.state.instead.map(() => ''), chosen: this.state.chosen.map((row) => row.map(() => false)), blank: this.state.blank.map(() => false) }
    this.draw()
    this.changed()
  }
}

function toldMark(mark: Mark, unmarked: boolean, instead: string): HTMLElement {
  const told = el('span', { class: `lx-booth-mark lx-booth-${mark}` }, icon(ICONS[mark]), el('b', {}, say(mark)))
  const more = [unmarked ? say('unmarked') : '', instead ? say('instead', { name: instead }) : ''].filter(Boolean)
  return el('dd', {}, told, ...(more.length ? [el('span', { class: 'lx-2' }, more.join(' '))] : []))
}

/** A vote in words. `marks` and `instead` as they stand on the sheet; of a ballot that was opened only the vote is known. */
export function toldVote(view: View, vote: Vote, marks: (Mark | null)[] = [], instead: string[] = []): HTMLElement {
  const list = el('dl', { class: 'lx-booth-review' })
  const line = (text: string, at: number, mark: Mark): void => {
    const unmarked = marks.length > 0 && marks[at] === null
    list.append(el('div', {}, el('dt', {}, text), toldMark(mark, unmarked, instead[at] ?? '')))
  }
  if (view.kind === 'candidates' && vote.kind === 'candidates') {
    view.candidates.forEach((name, at) => line(name, at, vote.marks[at]!))
    const loose = vote.names.filter((name) => !instead.includes(name))
    if (loose.length) list.append(el('div', {}, el('dt', {}, say('written_in')), el('dd', {}, el('b', {}, loose.join(say('and'))))))
  }
  if (view.kind === 'questions' && vote.kind === 'questions') {
    view.questions.forEach((one, at) => {
      const answer = vote.answers[at]!
      if ('mark' in answer) return line(`${at + 1}. ${one.text}`, at, answer.mark)
      const chosen = one.kind === 'choice' ? one.answers.filter((_text, place) => answer.chosen[place]) : []
      const lines = chosen.map((text) => el('li', {}, icon('circle-check'), el('span', {}, text)))
      const told = answer.blank ? el('b', {}, say('blank')) : lines.length ? el('ul', {}, ...lines) : el('b', {}, say('none_chosen'))
      list.append(el('div', { class: 'lx-booth-chosen' }, el('dt', {}, one.text), el('dd', {}, told)))
    })
  }
  return list
}
