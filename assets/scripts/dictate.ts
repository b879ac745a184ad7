// 用说的: <div data-dictate="field" hidden> with a button. It stays hidden where the browser cannot turn speech into text.
// The browser does it, and may send what is said to its maker: the page says so beside the button.
import { fresh } from './dom'

interface Heard {
  resultIndex: number
  results: ArrayLike<{ isFinal: boolean; 0: { transcript: string } }>
}
interface Listener {
  lang: string
  continuous: boolean
  interimResults: boolean
  onresult: (event: Heard) => void
  onerror: (event: { error: string }) => void
  onend: () => void
  start(): void
  stop(): void
}
type Listeners = new () => Listener

export function dictate(root: ParentNode): void {
  const given = window as unknown as { SpeechRecognition?: Listeners; webkitSpeechRecognition?: Listeners }
  const Known = given.SpeechRecognition ?? given.webkitSpeechRecognition
  if (!Known) return
  for (const box of fresh<HTMLElement>(root, '[data-dictate]', 'dictate')) {
    const field = document.getElementById(box.dataset.dictate ?? '') as HTMLTextAreaElement | null
    const button = box.querySelector<HTMLButtonElement>('button')
    const heard = box.querySelector<HTMLElement>('[data-heard]')
    const label = box.querySelector<HTMLElement>('[data-label]')
    if (!field || !button || !heard || !label) continue
    const start = label.textContent
    let listener: Listener | null = null
    const rest = (): void => {
      listener = null
      label.textContent = start
      button.setAttribute('aria-pressed', 'false')
    }
    rest()
    box.hidden = false
    button.addEventListener('click', () => {
      if (listener) {
        listener.stop()
        return
      }
      heard.textContent = ''
      listener = new Known()
      listener.lang = document.documentElement.lang.startsWith('zh') ? 'zh-CN' : 'en-GB'
      listener.continuous = true
      listener.interimResults = true
      listener.onresult = (event) => {
        heard.textContent = ''
        for (let n = event.resultIndex; n < event.results.length; n++) {
          const part = event.results[n]!
          if (part.isFinal) put(field, part[0].transcript)
          else heard.textContent += part[0].transcript
        }
      }
      listener.onerror = ({ error }) => {
        heard.textContent = (error.startsWith('not-allowed') || error === 'service-not-allowed' ? box.dataset.denied : box.dataset.failed) ?? ''
      }
      listener.onend = rest
      label.textContent = box.dataset.stop ?? start
      button.setAttribute('aria-pressed', 'true')
      listener.start()
    })
  }
}

/** Behind what is there, as if it had been typed. */
function put(field: HTMLTextAreaElement, words: string): void {
  const gap = /[\w.,!?]$/.test(field.value) && /^\w/.test(words) ? ' ' : ''
  field.value += gap + words
  field.dispatchEvent(new Event('input', { bubbles: true }))
}
