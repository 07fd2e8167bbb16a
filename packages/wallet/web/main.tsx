import './schemas-without-eval.js'
import './design/tokens.css'
import './design/base.css'
import './design/parts.css'
import './design/shell.css'
import './design/card.css'
import { render } from 'preact'
import { App } from './shell/app.js'
import { keepPage } from './shell/kept-page.js'
import { followAddress } from './shell/place.js'

followAddress()
const root = document.getElementById('app')
root?.replaceChildren()
if (root !== null) render(<App />, root)
void keepPage()
