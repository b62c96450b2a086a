import assert from 'node:assert/strict'
import type { Locator, Page } from 'playwright-core'

/** One case of a coverage page, as it stands on the phone. */
export class CaseView {
  readonly page: Page
  readonly box: Locator

  constructor(page: Page, box: Locator) {
    this.page = page
    this.box = box
  }

  /** Host elements of a tag in the case. */
  readonly tag = (name: string): Locator => this.box.locator(`wx-${name}`)

  /** The native field of the n-th input, textarea or slider. */
  field(name: 'input' | 'textarea' | 'slider', index = 0): Locator {
    return this.tag(name).nth(index).locator('[data-control]')
  }

  button(label: string): Locator {
    return this.tag('button').filter({ hasText: label })
  }

  private lines(type: string): Locator {
    return this.box.locator('[role=log] > wx-text').filter({ hasText: new RegExp(`^${type} `) })
  }

  /** Waits until an event was heard so many times, and gives the detail of the last of them. */
  async hears(type: string, times = 1): Promise<unknown> {
    const line = this.lines(type).nth(times - 1)
    await line.waitFor()
    const text = (await line.textContent()) ?? ''
    return JSON.parse(text.slice(type.length + 1))
  }

  async heardTimes(type: string): Promise<number> {
    return this.lines(type).count()
  }

  /** Drags from the middle of an element by so many px. */
  async drag(element: Locator, dx: number, dy: number): Promise<void> {
    await element.scrollIntoViewIfNeeded()
    const box = await element.boundingBox()
    assert.ok(box !== null)
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
    await this.page.mouse.move(x, y)
    await this.page.mouse.down()
    await this.page.mouse.move(x + dx, y + dy, { steps: 6 })
    await this.page.mouse.up()
  }

  /** Waits until the element has this text; whatever else is in it. */
  async says(element: Locator, text: string | RegExp): Promise<void> {
    await element.filter({ hasText: text }).first().waitFor()
  }

  async style(element: Locator, property: string): Promise<string> {
    return element.evaluate((node, name) => getComputedStyle(node).getPropertyValue(name), property)
  }

  async size(element: Locator): Promise<{ width: number; height: number }> {
    const box = await element.boundingBox()
    return { width: Math.round(box?.width ?? 0), height: Math.round(box?.height ?? 0) }
  }
}

/** What must hold of a case; it may click, type and drag. Keyed by `tag: title`. */
export type Checks = Readonly<Record<string, (view: CaseView) => Promise<void>>>
