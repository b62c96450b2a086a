import { builtIn } from './core/built-in.ts'
import { flag } from './core/property.ts'

/** Lifts what is in it above the page. It stays where it is in the tree, so a transformed parent still moves it. */
export const rootPortal = builtIn('root-portal', { enable: flag(true) }, (self) => {
  self.watch(() => self.host.toggleAttribute('data-enabled', self.data.enable))
})
