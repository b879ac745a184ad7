// After a refused form the focus goes to the summary of what is wrong.

export function focusErrors(root: ParentNode): void {
  const summary = root.querySelector<HTMLElement>('[data-focus-first]')
  if (summary) summary.focus()
}
