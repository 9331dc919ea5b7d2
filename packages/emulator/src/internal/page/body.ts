/** The page's elements. */
export const body = `
<main>
<h1>CheckResult emulator</h1>
<dl class="facts">
<div><dt>Endpoint</dt><dd><code id="endpoint"></code><br><button type="button" id="copy-endpoint">Copy endpoint</button></dd></div>
<div><dt>Access key</dt><dd><code id="key"></code><br><button type="button" id="copy-exports">Copy export lines</button></dd></div>
<div><dt>Clock</dt><dd id="clock"></dd></div>
<div><dt>Quota</dt><dd id="quota"></dd></div>
<div><dt>Faults struck</dt><dd id="struck"></dd></div>
</dl>
<p role="status" aria-live="polite" id="message"></p>
<section aria-labelledby="calls-title">
<h2 id="calls-title">Calls, newest first</h2>
<div class="tools"><label>Search <input id="search" type="search" placeholder="id, code, action" autocomplete="off"></label><label>Show <select id="kind"><option value="all">All calls</option><option value="passed">Passed</option><option value="other">Not passed</option><option value="error">Errors</option><option value="refused">Refused by the check</option><option value="fault">With faults</option></select></label><p id="count"></p></div>
<div class="scroll" id="list" tabindex="0" role="region" aria-label="Table of calls">
<table><thead><tr><th scope="col" class="number">#</th><th scope="col">Time (UTC)</th><th scope="col">Action</th><th scope="col">Transaction</th><th scope="col">Signature</th><th scope="col">Verdict or code</th><th scope="col" class="number">HTTP</th><th scope="col">Faults</th><th scope="col" class="number">Decided, ms</th><th scope="col" class="number">Answered, ms</th></tr></thead><tbody id="calls"></tbody></table>
</div>
</section>
<section aria-labelledby="journeys-title">
<h2 id="journeys-title">Journeys and callbacks</h2>
<div class="tools"><label>Complete with <select id="ending"><option value="">the journey's own result</option></select></label></div>
<div class="scroll" tabindex="0" role="region" aria-label="Table of journeys">
<table><thead><tr><th scope="col">Transaction</th><th scope="col">Started (UTC)</th><th scope="col">State</th><th scope="col">Callback</th><th scope="col">Action</th></tr></thead><tbody id="journeys"></tbody></table>
</div>
<h3 id="callbacks-title">Callbacks sent, newest first</h3>
<div class="scroll" tabindex="0" role="region" aria-label="Table of callbacks">
<table><thead><tr><th scope="col" class="number">#</th><th scope="col">Time (UTC)</th><th scope="col">Transaction</th><th scope="col">Route</th><th scope="col">Says</th><th scope="col" class="number">Attempt</th><th scope="col">Answer</th><th scope="col" class="number">ms</th><th scope="col">Outcome</th></tr></thead><tbody id="callbacks"></tbody></table>
</div>
</section>
<section aria-labelledby="switches-title">
<h2 id="switches-title">Switches</h2>
<div class="cards">
<form id="register"><h3>A transaction's answer</h3><label>Transaction id <input id="transaction" required maxlength="200" autocomplete="off"></label><label>answers as <select id="scenario"></select></label><button>Register</button></form>
<form id="faults"><h3>Faults</h3><label>Fault <select id="fault"></select></label><button type="button" id="add">Add to the rules</button><label>Fault rules (JSON) <textarea id="rules" rows="4" spellcheck="false"></textarea></label><button>Set faults</button></form>
<form id="advance"><h3>Clock</h3><label>Hours <input id="hours" type="number" step="any" value="24" required></label><button>Advance the clock</button></form>
<form id="limit"><h3>Quota</h3><label>Calls a second (empty: no limit) <input id="qps" type="number" min="1"></label><button>Set quota</button></form>
<form id="reset"><h3>Start over</h3><p class="empty">Forgets calls, registrations, journeys and faults. Keys, clock and quota stay.</p><button>Reset everything</button></form>
</div>
</section>
<section aria-labelledby="specimens-title">
<h2 id="specimens-title">Specimens</h2>
<form id="people"><label>Person's seed <input id="seed" value="1" maxlength="100"></label><button>Draw</button></form>
<div class="photos" id="photos"></div>
</section>
<p><a href="/_admin/openapi.json">The admin API (OpenAPI)</a></p>
</main>
<dialog id="dialog" aria-labelledby="opened-title"><header><h2 id="opened-title"></h2><button type="button" id="close">Close</button></header><p role="status" id="opened-message"></p><div id="opened"></div></dialog>
`
