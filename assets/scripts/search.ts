// "/" goes to the search field, unless somebody is writing.

export function searchKey(): void {
  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
    const target = event.target as HTMLElement
    if (target.closest('input, textarea, select, [contenteditable], dialog')) return
    const field = document.querySelector<HTMLInputElement>('[data-search-key]')
    if (!field) return
    event.preventDefault()
    field.focus()
    field.select()
  })
}
