// The card: from the link that it carries, or typed. A wrong sign is told while it is typed, a wrong card before the ballot is filled in.
import type { Asking } from './asking.ts'
import { announce, part, say } from './page.ts'
import { asked } from './sending.ts'

interface Detector {
  detect(image: ImageBitmap): Promise<{ rawValue: string }[]>
}
type Detectors = new (options: { formats: string[] }) => Detector

export class Card {
  private readonly root: HTMLElement
  private readonly asking: Asking
  private readonly address: string
  private readonly field: HTMLInputElement
  private readonly wrong: HTMLElement
  private readonly found: (card: string) => void
  private turn = 0
  /** The fifteen signs, once the list knows them. */
  code = ''

  /** `address` of the list of cards; `found` is told once a card is known. */
  constructor(root: HTMLElement, asking: Asking, address: string, found: (card: string) => void) {
    this.root = root
    this.asking = asking
    this.address = address
    this.found = found
    this.field = part<HTMLInputElement>(root, 'code')
    this.wrong = part(root, 'code-wrong')
    this.field.addEventListener('input', () => void this.typed())
    part<HTMLFormElement>(root, 'card-form').addEventListener('submit', (event) => {
      event.preventDefault()
      void this.typed(true)
    })
    part(root, 'card-other').addEventListener('click', () => this.another())
    this.scanning()
  }

  /** Takes the card of a link. */
  take(text: string): Promise<void> {
    this.field.value = text
    return this.typed(true)
  }

  /** Shows the field with what is wrong, and goes there. */
  demand(): void {
    if (!this.field.value.trim()) this.refuse(say('no_card'))
    this.field.focus()
  }

  /** Forgets the card. */
  wipe(): void {
    this.turn++
    this.code = this.field.value = ''
    this.refuse('')
    this.show()
  }

  private another(): void {
    this.wipe()
    this.field.focus()
  }

  private refuse(sentence: string): void {
    this.wrong.hidden = !sentence
    part(this.wrong, 'text').textContent = sentence
    this.field.toggleAttribute('aria-invalid', Boolean(sentence))
    if (sentence) this.field.setAttribute('aria-invalid', 'true')
  }

  private show(): void {
    const typing = document.activeElement === this.field
    const known = part(this.root, 'card-known')
    part(this.root, 'card-form').hidden = Boolean(this.code)
    known.hidden = !this.code
    // The field in which somebody types goes away under the hands: the focus stays at this place.
    if (typing && this.code) known.focus({ preventScroll: true })
  }

  private async typed(whole = false): Promise<void> {
    const turn = ++this.turn
    this.code = ''
    const { value } = this.field
    const said = await this.asking.ask({ do: 'typed', text: value })
    if (turn !== this.turn) return
    // Groups are put in while one types at the end; whoever mends a sign in the middle is left alone.
    if (this.field.selectionEnd === value.length && said.shown !== value && !value.endsWith('-')) this.field.value = said.shown
    part(this.root, 'code-count').textContent = said.count ? say('typed', { n: said.count }) : ''
    const [wrong] = said.wrong
    if (wrong) return this.refuse(say('wrong_sign', { place: wrong.place, group: Math.ceil(wrong.place / 3), sign: wrong.sign }))
    if (said.count < 15) return this.refuse(whole && said.count ? say('too_short', { n: said.count, left: 15 - said.count }) : '')
    if (said.count > 15) return this.refuse(say('too_long', { more: said.count - 15 }))
    if (!said.cards.length) return this.refuse(say('signs_disagree'))
    await this.look(said.cards, turn)
  }

  private async look(cards: string[], turn: number): Promise<void> {
    this.refuse('')
    for (const card of cards) {
      const key = await this.asking.ask({ do: 'key', card })
      const known = await fetch(`${this.address}${key}`, asked()).then((answer) => answer.status === 204 || (answer.status !== 404 && null), () => null)
      if (turn !== this.turn) return
      // Without an answer the ballot can be filled in all the same; handing it in will tell.
      if (known === false) continue
      this.code = card
      this.field.value = ''
      this.show()
      announce(say('card_known'))
      return this.found(card)
    }
    this.refuse(say('card_unknown'))
  }

  /** Where the browser reads such codes, from a photograph that does not leave the device. */
  private scanning(): void {
    const Found = (window as unknown as { BarcodeDetector?: Detectors }).BarcodeDetector
    if (!Found) return
    const button = part<HTMLButtonElement>(this.root, 'scan')
    const file = part<HTMLInputElement>(this.root, 'scan-file')
    button.hidden = false
    button.addEventListener('click', () => file.click())
    file.addEventListener('change', () => {
      void (async () => {
        const picture = file.files?.[0]
        if (!picture) return
        try {
          const [code] = await new Found({ formats: ['qr_code'] }).detect(await createImageBitmap(picture))
          if (!code) throw new Error('no code')
          await this.take(code.rawValue)
        } catch {
          this.refuse(say('no_code_in_picture'))
        } finally {
          file.value = ''
        }
      })()
    })
  }
}
