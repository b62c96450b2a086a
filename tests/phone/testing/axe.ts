import axe, { type AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'

declare global {
  interface Window {
    axe: typeof axe
  }
}

/** What axe finds wrong with a page and the frames in it, one line each. Empty: nothing. */
export async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  // Phones are pages of their own, with tests of their own.
  const results: AxeResults = await page.evaluate(() => window.axe.run(document, { iframes: false }))
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(
      ({ target, failureSummary = '' }) =>
        `${id}: ${target.join(' ')}: ${failureSummary.replace(/\s+/g, ' ')}`,
    ),
  )
}
