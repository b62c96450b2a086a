import { render } from 'preact'

function Studio() {
  return <main>Studio</main>
}

render(<Studio />, document.body)
