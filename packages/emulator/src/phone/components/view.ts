import { builtIn } from './core/built-in.ts'
import { hoverProperties, makeHover } from './core/hover.ts'

export const view = builtIn('view', hoverProperties('none', 50, 400), (self) => makeHover(self, 'none'))
