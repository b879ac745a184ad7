// A worker that checks ballots.
import { Here } from './checking.ts'
import { reply, type Question } from './replying.ts'

const here = new Here()

addEventListener('message', (event: MessageEvent<Question & { at: number }>) => {
  void reply(here, event.data).then((told) => postMessage(told))
})
