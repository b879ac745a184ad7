// Menus are details elements: a click elsewhere or Escape closes them.

function close(except: Node | null): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>('details[data-menu][open]')) {
    if (!except || !menu.contains(except)) menu.open = false
  }
}

export function menus(): void {
  document.addEventListener('click', (event) => close(event.target as Node))
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return
    const menu = (event.target as HTMLElement).closest<HTMLDetailsElement>('details[data-menu][open]')
    close(null)
    menu?.querySelector('summary')?.focus()
  })
}
