/** The elements of one page on the screen. */
export interface PageView {
  /** What positioned elements of the page are held to, as in a web view of its own. */
  readonly element: HTMLElement
  readonly scroller: HTMLElement
  /** Where glass-easel puts the root. */
  readonly placeholder: HTMLElement
  /** Between the top and the page while it is pulled. */
  readonly pull: HTMLElement
  show(): void
  hide(): void
  remove(): void
}

function make(className: string): HTMLElement {
  const element = document.createElement('div')
  element.className = className
  return element
}

function makePull(): HTMLElement {
  const pull = make('page-pull')
  pull.setAttribute('aria-hidden', 'true')
  for (let dot = 0; dot < 3; dot += 1) pull.append(make('page-pull-dot'))
  return pull
}

export function createPageView(container: HTMLElement, path: string): PageView {
  const [element, scroller, placeholder] = [make('page-view'), make('page-scroll'), make('page-root')]
  const pull = makePull()
  element.dataset['path'] = path
  scroller.tabIndex = 0
  scroller.append(placeholder)
  element.append(pull, scroller)
  element.hidden = true
  container.append(element)
  let scrollTop = 0
  return {
    element,
    scroller,
    placeholder,
    pull,
    show() {
      element.hidden = false
      scroller.scrollTop = scrollTop
    },
    hide() {
      scrollTop = scroller.scrollTop
      element.hidden = true
    },
    remove: () => element.remove(),
  }
}
