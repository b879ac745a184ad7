// "Check it yourself": the certificate is fetched once, and everything else happens in this browser.
import { announce, fresh } from './dom'

export function verifying(root: ParentNode): void {
  for (const place of fresh(root, '[data-verify]', 'verify')) {
    place.querySelector('[data-verify-go]')?.addEventListener('click', () => void run(place))
  }
}

async function run(place: HTMLElement): Promise<void> {
  const shown = place.querySelector<HTMLElement>('[data-verify-list]')!
  const said = place.querySelector<HTMLElement>('[data-verify-said]')!
  said.textContent = place.dataset.busy ?? ''
  shown.replaceChildren()
  try {
    const [{ check }, answer] = await Promise.all([import('../verify/apportionment'), fetch(place.dataset.verify!, { credentials: 'same-origin' })])
    if (!answer.ok) throw new Error(String(answer.status))
    const lines = check(await answer.json())
    const english = document.documentElement.lang.startsWith('en')
    for (const line of lines) {
      const row = document.createElement('li')
      const verdict = document.createElement('b')
      verdict.textContent = (line.holds ? place.dataset.yes : place.dataset.no) ?? ''
      row.className = line.holds ? 'q-yes' : 'q-no'
      row.append(verdict, ` ${english ? line.en : line.zh}`)
      shown.append(row)
    }
    const good = lines.length > 0 && lines.every((line) => line.holds)
    said.textContent = (good ? place.dataset.all : place.dataset.wrong) ?? ''
    said.classList.toggle('q-good', good)
  } catch {
    said.textContent = place.dataset.broken ?? ''
  }
  announce(said.textContent ?? '')
}
