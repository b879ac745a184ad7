// The booth 投票: one screen, from the card to “your ballot is in”. The page shows and sends; its worker does the rest.
import { Asking } from './asking.ts'
import { Card } from './card.ts'
import type { Sealed, View } from './messages.ts'
import { announce, learn, part, refuse, save, say } from './page.ts'
import { asked, forget, keep, type Kept, kept, send } from './sending.ts'
import { Sheet, toldVote } from './sheet.ts'
import { testPage } from './testing.ts'

const PARTS = ['loading', 'voting', 'review', 'busy', 'sealed', 'opened', 'waiting', 'done', 'stopped'] as const
type Part = (typeof PARTS)[number]

class Booth {
  private readonly root: HTMLElement
  private readonly uuid: string
  private asking = new Asking()
  private view!: View
  private sheet!: Sheet
  private card!: Card
  private sealed: Sealed | null = null
  /** The file of the test ballot that was opened. */
  private opened = ''
  /** Card and marks go along to the page that comes. */
  private carried = false
  private now: Part = 'loading'

  constructor(root: HTMLElement) {
    this.root = root
    this.uuid = root.dataset.booth!
    window.addEventListener('beforeunload', (event) => {
      if (this.now === 'busy' || this.now === 'waiting' || this.filledIn()) event.preventDefault()
    })
    window.addEventListener('popstate', () => {
      if (this.now === 'review') this.show('voting')
    })
    // The link of a card, opened where the page is open already, does not load it again.
    window.addEventListener('hashchange', () => {
      const code = this.inAddress()
      if (code && this.now === 'voting') void this.card.take(code)
    })
    window.addEventListener('online', () => {
      if (this.now === 'waiting') void this.handIn(kept(this.uuid))
    })
    this.on('look', () => this.look())
    this.on('back', () => history.back())
    this.on('cast', () => void this.castNow())
    this.on('try', () => void this.tryOut())
    this.on('cast-sealed', () => void this.handIn(this.sealed))
    this.on('open', () => void this.open())
    this.on('anew', () => this.anew())
    this.on('again', () => void this.handIn(kept(this.uuid)))
    this.on('give-up', () => this.giveUp())
    this.on('another', () => location.reload())
    this.on('print', () => window.print())
    this.on('copy', (button) => void this.copy(button))
    this.on('save', () => save(`${say('file_code')}.txt`, part(root, 'done-text').innerText, 'text/plain;charset=utf-8'))
    this.on('save-test', () => save(`${say('file_test')}-${this.uuid}.json`, this.opened, 'application/json'))
  }

  private on(name: string, act: (button: HTMLElement) => void): void {
    for (const button of this.root.querySelectorAll<HTMLElement>(`[data-do="${name}"]`)) button.addEventListener('click', () => act(button))
  }

  /** Whether leaving now would lose what the voter has filled in: nothing of it is kept on the device. */
  private filledIn(): boolean {
    const filling = this.now === 'voting' || this.now === 'review' || this.now === 'sealed' || this.now === 'opened'
    return filling && !this.carried && (Boolean(this.card.code) || this.sheet.touched())
  }

  private show(name: Part, focus = true): void {
    this.now = name
    for (const each of PARTS) part(this.root, `part-${each}`).hidden = each !== name
    if (!focus) return
    const heading = part(this.root, `part-${name}`).querySelector<HTMLElement>('[tabindex="-1"]')
    heading?.focus({ preventScroll: true })
    part(this.root, `part-${name}`).scrollIntoView({ block: 'start' })
  }

  private stop(title: string, more = ''): void {
    refuse(part(this.root, 'stopped'), title, more)
    this.show('stopped')
  }

  /** The signs of the card leave the address at once, so that they stand on no screen. */
  private inAddress(): string {
    const code = decodeURIComponent(location.hash.slice(1))
    if (code) history.replaceState(history.state, '', location.pathname + location.search)
    return code
  }

  async begin(): Promise<void> {
    const code = this.inAddress()
    try {
      const answer = await fetch(this.root.dataset.election!, asked())
      if (!answer.ok) throw new Error(String(answer.status))
      this.view = await this.asking.ask({ do: 'open', election: await answer.text() })
    } catch {
      return this.stop(say('cannot_open'), say('reload'))
    }
    this.card = new Card(part(this.root, 'card'), this.asking, this.root.dataset.cards!, () => this.tell(''))
    this.sheet = new Sheet(this.view, part(this.root, 'sheet'), (sentence) => this.tell(sentence), () => this.count())
    this.count()
    this.carryOver()
    const before = kept(this.uuid)
    if (before) return this.show('waiting')
    this.show('voting', false)
    if (code) await this.card.take(code)
  }

  /** Changing the language or the size of the type loads the page again: card and marks go along, and nowhere else. */
  private carryOver(): void {
    const key = `lianxi-booth-${this.uuid}`
    try {
      const found = sessionStorage.getItem(key)
      sessionStorage.removeItem(key)
      if (found) {
        const { card, marks } = JSON.parse(found) as { card: string; marks: string }
        this.sheet.restore(marks)
        if (card) void this.card.take(card)
      }
    } catch {
      // Nothing was carried over.
    }
    for (const form of document.querySelectorAll('header form')) {
      form.addEventListener('submit', () => {
        if (this.now !== 'voting' && this.now !== 'review') return
        try {
          sessionStorage.setItem(key, JSON.stringify({ card: this.card.code, marks: this.sheet.kept() }))
          this.carried = true
        } catch {
          // Then the card is asked for again.
        }
      })
    }
  }

  private count(): void {
    part(this.root, 'count').textContent = this.sheet.counted()
    this.tell('')
  }

  private tell(sentence: string): void {
    const place = part(this.root, 'need')
    if (sentence) refuse(place, sentence)
    else place.hidden = true
  }

  // Looking over

  private look(): void {
    if (!this.card.code) return this.card.demand()
    const problem = this.sheet.problem()
    if (problem) {
      this.tell(problem.sentence)
      return problem.at.focus()
    }
    part(this.root, 'review').replaceChildren(this.sheet.look())
    history.pushState({ booth: 'review' }, '')
    this.show('review')
  }

  // Sealing

  private progress(title: string, done = 0, all = 0): void {
    part(this.root, 'busy-title').textContent = title
    const bar = part<HTMLProgressElement>(this.root, 'busy-bar')
    if (all) {
      bar.max = all
      bar.value = done
    } else {
      bar.removeAttribute('value')
    }
    part(this.root, 'busy-far').textContent = all ? `${done} / ${all}` : ''
  }

  private async seal(): Promise<Sealed | null> {
    this.progress(say('sealing'))
    this.show('busy')
    announce(say('sealing'))
    try {
      return await this.asking.ask({ do: 'seal', card: this.card.code, vote: this.sheet.vote() }, (done, all) => this.progress(say('sealing'), done, all))
    } catch {
      this.stop(say('not_sealed'), say('reload'))
      return null
    }
  }

  private async castNow(): Promise<void> {
    const sealed = await this.seal()
    if (sealed) await this.handIn(sealed)
  }

  // A test ballot: sealed first; only then the voter says whether it is cast or opened

  private async tryOut(): Promise<void> {
    this.sealed = await this.seal()
    if (!this.sealed) return
    part(this.root, 'test-code').textContent = this.sealed.testCode
    this.show('sealed')
  }

  private async open(): Promise<void> {
    const { sealed } = this
    if (!sealed) return
    try {
      // What is opened can no longer be cast: its text is gone.
      this.sealed = null
      this.opened = await this.asking.ask({ do: 'reveal' })
      const said = await this.asking.ask({ do: 'test', text: this.opened })
      if (said.code !== sealed.testCode) throw new Error('another ballot')
      part(this.root, 'opened-code').textContent = said.code
      part(this.root, 'opened-vote').replaceChildren(toldVote(this.view, said.vote))
      this.show('opened')
    } catch {
      this.stop(say('not_opened'), say('other_device'))
    }
  }

  private anew(): void {
    this.opened = ''
    this.show('review')
  }

  // Handing in

  private async handIn(ballot: Kept | Sealed | null): Promise<void> {
    if (!ballot?.text) return
    const { text, code } = ballot
    let before = this.now === 'waiting'
    keep(this.uuid, { text, code })
    this.progress(say('handing_in'))
    this.show('busy')
    announce(say('handing_in'))
    const outcome = await send(this.root.dataset.cast!, text, 'hints' in ballot ? ballot.hints : null, (attempt) => {
      before = true
      const sentence = say('trying_again', { n: attempt })
      this.progress(sentence)
      announce(sentence)
    })
    if (outcome.kind === 'lost') return this.show('waiting')
    forget(this.uuid)
    if (outcome.kind === 'refused') {
      this.wipe()
      return this.stop(outcome.problem.detail || outcome.problem.title || say('refused'), before ? say('maybe_counted', { code }) : say('not_counted'))
    }
    this.wipe()
    if (outcome.code !== code) return this.stop(say('other_code', { said: outcome.code, own: code }), say('tell_organiser'))
    part(this.root, 'done-code').textContent = code
    this.show('done')
  }

  private giveUp(): void {
    forget(this.uuid)
    this.show('voting')
  }

  /** Card, marks and what the worker knew are forgotten as soon as they are not needed. */
  private wipe(): void {
    this.sealed = null
    this.opened = ''
    this.card?.wipe()
    this.sheet?.wipe()
    this.asking.end()
  }

  private async copy(button: HTMLElement): Promise<void> {
    await navigator.clipboard?.writeText(part(this.root, 'done-code').textContent ?? '').catch(() => undefined)
    const label = part(button, 'label')
    const was = label.textContent
    label.textContent = say('copied')
    announce(say('copied'))
    setTimeout(() => (label.textContent = was), 3000)
  }
}

document.documentElement.classList.add('js')
learn()
const booth = document.querySelector<HTMLElement>('[data-booth]')
const test = document.querySelector<HTMLElement>('[data-booth-test]')
if (booth) void new Booth(booth).begin()
if (test) testPage(test)
