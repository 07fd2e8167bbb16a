import './schemas-without-eval.js'
import './styles/tokens.css'
import './styles/base.css'
import './styles/pages.css'
import './styles/gate.css'
import './styles/verdict.css'
import { render } from 'preact'
import { App } from './app.js'
import { followDevice } from './device-signs.js'
import { keepPage } from './registration.js'

const place = document.getElementById('app')
if (place !== null) render(<App />, place)
followDevice()
void keepPage()
