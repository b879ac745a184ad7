// htmx, without eval and without styles of its own: the content security policy allows neither.
import htmx from 'htmx.org'

htmx.config.includeIndicatorStyles = false
htmx.config.allowEval = false
htmx.config.selfRequestsOnly = true
htmx.config.historyCacheSize = 0
htmx.config.refreshOnHistoryMiss = true
htmx.config.scrollIntoViewOnBoost = false
// A refusal comes as 4xx with the fragment to show; only a missing answer is left to the page.
htmx.config.responseHandling = [
  { code: '204', swap: false },
  { code: '[23]..', swap: true },
  { code: '4(00|03|04|09|13|22|29)', swap: true },
  { code: '[45]..', swap: false, error: true },
]

document.addEventListener('htmx:configRequest', (event) => {
  const { headers } = (event as CustomEvent<{ headers: Record<string, string> }>).detail
  const token = document.body.dataset.csrf
  if (token) headers['X-CSRFToken'] = token
})
