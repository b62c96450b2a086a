import uniPlugin from '@dcloudio/vite-plugin-uni'
import { defineConfig } from 'vite'

// Its CommonJS default, as Node sees it.
const uni = uniPlugin.default ?? uniPlugin

export default defineConfig({ plugins: [uni()] })
