import { useLaunch } from '@tarojs/taro'
import './app.css'
import { yaopai } from './yaopai'

export default function App({ children }) {
  useLaunch(() => {
    yaopai.ready().catch(() => {}) // begin early; every page catches for itself
  })
  return children
}
