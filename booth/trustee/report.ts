// What the verifier found, as the command line shows it: one line for each thing that holds, or the reason why not.
import { el, icon, say, spoken } from '../desk.ts'
import type { PlainReport } from './messages.ts'

const UNOPENED = ['Setup', 'Ballot', 'EndBallots']

function line(holds: boolean, text: string): HTMLElement {
  return el('li', { class: holds ? 'tk-holds' : 'tk-fails' }, icon(holds ? 'circle-check' : 'circle-x'), el('span', {}, text))
}

export function shown(report: PlainReport): HTMLElement {
  const holds = report.wrong === null
  const head = el('h3', { class: 'tk-verdict' }, icon(holds ? 'shield-check' : 'circle-x'), el('span', {}, say(holds ? 'green' : 'red')))
  const box = el('div', { class: holds ? 'tk-report tk-green' : 'tk-report tk-red', role: holds ? false : 'alert' }, head)
  if (report.wrong) {
    box.append(el('ul', {}, line(false, spoken(report.wrong))), el('p', {}, say(report.wrong.why === 'unknown group' ? 'red_group' : 'red_next')))
    return box
  }
  const list = el('ul', {}, line(true, say('holds_chain', { n: report.events, phase: say(`phase_${report.phase}`) })), line(true, say('holds_trustees', { n: report.trustees })), line(true, say('holds_ballots', { n: report.ballots })))
  if (!UNOPENED.includes(report.phase)) list.append(line(true, say('holds_sum', { n: report.counted })))
  if (report.result) list.append(line(true, say('holds_result')))
  box.append(list)
  const facts = el('dl', { class: 'lx-facts' })
  const fact = (name: string, value: string, code = false): void => facts.append(el('dt', {}, say(name)), el('dd', {}, code ? el('span', { class: 'lx-code' }, value) : value))
  fact('fact_name', report.name)
  fact('fact_cards', say('cards', { n: report.credentials }))
  fact('fact_print', report.credentialsFingerprint, true)
  if (!UNOPENED.includes(report.phase)) fact('fact_counted', say('ballots', { n: report.counted }))
  if (report.shares.length || report.missing) fact('fact_shares', say('shares', { n: report.shares.length, missing: report.missing }))
  box.append(facts)
  if (report.result) box.append(results(report, report.result))
  return box
}

function results(report: PlainReport, result: number[][]): HTMLElement {
  const table = el('table', { class: 'lx-table' })
  const row = (head: string, cells: string[], tag: 'th' | 'td' = 'td'): HTMLElement =>
    el('tr', {}, el('th', { scope: tag === 'th' ? 'col' : 'row' }, head), ...cells.map((one) => el(tag, { class: 'num', ...(tag === 'th' ? { scope: 'col' } : {}) }, one)))
  if (report.form) {
    const { candidates, roster } = report.form
    table.append(el('thead', {}, row(say('name'), [say('favour'), say('oppose'), say('abstain')], 'th')))
    const body = el('tbody')
    candidates.forEach((name, at) => {
      const [yes = 0, no = 0] = result[at + 1]!
      body.append(row(name, [yes, no, report.counted - yes - no].map(String)))
    })
    roster.forEach((name, at) => body.append(row(say('written_in', { name }), [String(result[0]![candidates.length + at]!), '', ''])))
    table.append(body)
    return el('div', { class: 'lx-table-wrap' }, table)
  }
  report.questions.forEach(({ question, answers }, at) => {
    table.append(el('thead', {}, row(question, [say('votes')], 'th')))
    table.append(el('tbody', {}, ...answers.map((answer, place) => row(answer || say('blank'), [String(result[at]![place]!)]))))
  })
  return el('div', { class: 'lx-table-wrap' }, table)
}
