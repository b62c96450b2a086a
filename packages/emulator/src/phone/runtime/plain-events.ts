import * as glassEasel from 'glass-easel'

/** What a handler in a mini program gets to see of an element. */
interface Seen {
  id: string
  dataset: Record<string, unknown>
  offsetLeft: number
  offsetTop: number
}

type Shadowed = ReturnType<glassEasel.Event<unknown>['wrapShadowedEvent']>

function elementOf(caller: unknown): glassEasel.Element | undefined {
  if (caller instanceof glassEasel.Element) return caller
  const component: unknown =
    typeof caller === 'object' && caller !== null ? Reflect.get(caller, '_$') : undefined
  return component instanceof glassEasel.Element ? component : undefined
}

function seenOf(element: glassEasel.Element): Seen {
  const node: unknown = element.$$
  const { offsetLeft = 0, offsetTop = 0 } = node instanceof HTMLElement ? node : {}
  return { id: element.id, dataset: { ...element.dataset }, offsetLeft, offsetTop }
}

function isOf(space: glassEasel.ComponentSpace, element: glassEasel.Element): boolean {
  const owner = element.ownerShadowRoot?.getHostNode() ?? element
  return owner instanceof glassEasel.Component && owner.getRootBehavior().ownerSpace === space
}

/** Handlers of this space get events as WeChat's, plain through and through; built-in components get glass-easel's. */
export function plainEventsFor(currentSpace: () => glassEasel.ComponentSpace | undefined): void {
  const { prototype } = glassEasel.Event
  const wrap = prototype.wrapShadowedEvent
  prototype.wrapShadowedEvent = function (targetCaller, mark, currentTargetCaller) {
    const event: Shadowed = wrap.call(this, targetCaller, mark, currentTargetCaller)
    const [target, current] = [elementOf(targetCaller), elementOf(currentTargetCaller)]
    const space = currentSpace()
    if (!target || !current || !space || !isOf(space, current)) return event
    const plain = {
      type: this.type,
      timeStamp: this.timeStamp,
      detail: this.detail ?? {},
      ...this.extraFields,
    }
    const mine = { ...plain, mark: mark ?? {}, target: seenOf(target), currentTarget: seenOf(current) }
    return Object.assign(Object.create(event) as Shadowed, mine)
  }
}
