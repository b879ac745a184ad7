// 念给我听: <button hidden data-speak="#main" data-stop="停下">; it stays hidden where the browser cannot speak.
import { fresh } from './dom'

export function speech(root: ParentNode): void {
  if (!('speechSynthesis' in window)) return
  for (const button of fresh<HTMLButtonElement>(root, '[data-speak]', 'speak')) {
    button.hidden = false
    const label = button.querySelector<HTMLElement>('[data-label]') ?? button
    const start = label.textContent
    const rest = (): void => {
      label.textContent = start
      button.setAttribute('aria-pressed', 'false')
    }
    rest()
    button.addEventListener('click', () => {
      if (speechSynthesis.speaking) {
        speechSynthesis.cancel()
        rest()
        return
      }
      const text = [...document.querySelectorAll<HTMLElement>(button.dataset.speak ?? 'main')].map((place) => place.innerText).join('\n')
      const said = new SpeechSynthesisUtterance(text)
      said.lang = document.documentElement.lang.startsWith('zh') ? 'zh-CN' : document.documentElement.lang
      said.rate = 0.85
      said.onend = rest
      said.onerror = rest
      label.textContent = button.dataset.stop ?? start
      button.setAttribute('aria-pressed', 'true')
      speechSynthesis.speak(said)
    })
  }
  window.addEventListener('pagehide', () => speechSynthesis.cancel())
}
