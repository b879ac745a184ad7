// The page on which a test ballot of another device is checked.
import { Asking } from './asking.ts'
import type { View } from './messages.ts'
import { announce, part, refuse, say } from './page.ts'
import { asked } from './sending.ts'
import { toldVote } from './sheet.ts'

const MOST_BYTES = 8 * 1024 * 1024

export function testPage(root: HTMLElement): void {
  const asking = new Asking()
  const field = part<HTMLInputElement>(root, 'test-file')
  let view: Promise<View> | null = null
  const opened = async (): Promise<View> => {
    const answer = await fetch(root.dataset.election!, asked())
    if (!answer.ok) throw new Error(String(answer.status))
    return asking.ask({ do: 'open', election: await answer.text() })
  }
  // The same file may be chosen again.
  field.addEventListener('click', () => (field.value = ''))
  field.addEventListener('change', () => {
    void (async () => {
      const file = field.files?.[0]
      if (!file) return
      const wrong = part(root, 'test-wrong')
      const right = part(root, 'test-right')
      wrong.hidden = right.hidden = true
      const shown = await (view ??= opened()).catch(() => null)
      if (!shown) {
        view = null
        return refuse(wrong, say('cannot_open'), say('reload'))
      }
      try {
        if (file.size > MOST_BYTES) throw new Error('too large')
        const said = await asking.ask({ do: 'test', text: await file.text() })
        part(root, 'opened-code').textContent = said.code
        part(root, 'opened-vote').replaceChildren(toldVote(shown, said.vote))
        right.hidden = false
        announce(say('test_holds'))
        part(right, 'heading').focus()
      } catch {
        refuse(wrong, say('test_wrong'), say('test_wrong_more'))
      }
    })()
  })
}
