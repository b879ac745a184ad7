// Makes cards and opens the giver's file, so that the page stays alive.
import { Locked, locked, unlocked } from '../core/locked.ts'
import { Malformed } from '../core/strict.ts'
import { KIND, again, keyOf, listPrint, made, read, type Box } from './making.ts'
import type { Asked, Results, Told } from './messages.ts'

let box: Box | null = null
/** The file that holds the box, as it was locked last. */
let file = ''
const tell = (told: Told): void => postMessage(told)
let last = 0
function progress(share: number, count = 0): void {
  const now = performance.now()
  if (now - last < 50 && share < 1) return
  last = now
  tell({ kind: 'progress', share, count })
}

const printOf = (whole: Box): string => listPrint(whole.cards.filter((one) => !one.lost).map((one) => keyOf(whole, one)))

async function done(asked: Asked): Promise<Results[keyof Results]> {
  if (asked.step === 'make') {
    const { box: fresh, keys } = made(asked.uuid, asked.title, asked.count, asked.people, (n) => progress((n / asked.count) * 0.9, n))
    file = await locked(fresh, asked.passphrase, KIND, undefined, asked.cost)
    box = fresh
    return { box: fresh, keys, file, print: listPrint(keys) }
  }
  if (asked.step === 'open') {
    box = read(await unlocked(asked.file, asked.passphrase, KIND, (share) => progress(share / 2)), asked.uuid)
    file = asked.file
    return { box, print: printOf(box) }
  }
  if (!box) throw new Malformed('should be a record', 'cards')
  const made_ = again(box, asked.number)
  // The passphrase is typed once: another one, by a slip, would lock the cards away for good.
  await unlocked(file, asked.passphrase, KIND, (share) => progress(share / 2))
  box = made_.box
  file = await locked(box, asked.passphrase, KIND, (share) => progress(0.5 + share / 2))
  return { ...made_, file, print: printOf(box) }
}

addEventListener('message', (event: MessageEvent<Asked>) => {
  done(event.data).then(
    (result) => tell({ kind: 'done', result }),
    (problem: unknown) => {
      if (problem instanceof Locked) tell({ kind: 'refused', why: `locked_${problem.message}` })
      else if (problem instanceof Malformed) tell({ kind: 'refused', why: problem.where === 'card' ? 'no_card' : problem.why.startsWith('belongs') ? 'other_vote' : 'locked_file' })
      else tell({ kind: 'refused', why: 'broken' })
    },
  )
})
