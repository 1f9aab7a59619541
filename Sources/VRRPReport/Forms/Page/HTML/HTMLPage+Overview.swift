extension HTMLPage {
    @MarkupBuilder<HTML>
    var overview: MarkupLines<HTML> {
        """
        <section id="overview" aria-labelledby="overview-h">
        <h2 id="overview-h">Overview</h2>
        """
        if page.overview.groups.isEmpty {
            "<p>No virtual router was seen.</p>"
        } else {
            legend
            rows(page.overview)
            tools
            faint(page.overview.note)
        }
        "</section>\n"
    }

    @MarkupBuilder<HTML>
    private var legend: MarkupLines<HTML> {
        """
        <ul class="legend">
        <li><svg viewBox="0 0 28 14" aria-hidden="true"><rect class="m0" width="14" height="14"/><rect class="m1" x="14" width="14" height="14"/></svg> master, a colour and pattern for each router</li>
        <li><svg viewBox="0 0 28 14" aria-hidden="true"><rect class="split" width="28" height="14"/></svg> two or more masters</li>
        <li><svg viewBox="0 0 28 14" aria-hidden="true"><rect class="nobody" x="1" y="1" width="26" height="12"/></svg> no master</li>
        <li><svg viewBox="0 0 28 14" aria-hidden="true"><rect class="unsure" width="28" height="14"/></svg> uncertain: the likeliest master</li>
        <li><svg viewBox="0 0 28 14" aria-hidden="true"><rect class="blind" width="28" height="14"/></svg> not observed</li>
        <li><svg viewBox="0 0 28 14" aria-hidden="true"><line class="heard" x1="0" y1="7" x2="28" y2="7"/></svg> heard</li>
        <li><svg viewBox="0 0 28 14" aria-hidden="true"><line class="change" x1="14" y1="0" x2="14" y2="14"/></svg> change of master, with its number; a bracket stands for many</li>
        <li><svg viewBox="0 0 14 14" aria-hidden="true"><path class="mark resignation" d="M2 2L12 2L7 12z"/></svg> priority 0</li>
        <li><svg viewBox="0 0 14 14" aria-hidden="true"><path class="mark announcement" d="M7 1L12 7L7 13L2 7z"/></svg> addresses announced (gratuitous ARP, unsolicited NA)</li>
        <li><svg viewBox="0 0 14 14" aria-hidden="true"><path class="mark authentication" d="M2.5 2.5h9v9h-9z"/></svg> authentication changed</li>
        <li><svg viewBox="0 0 14 14" aria-hidden="true"><path class="mark setting" d="M7 1.5L12.5 6L10.4 12L3.6 12L1.5 6z"/></svg> addresses, interval, version or delivery changed</li>
        <li><svg viewBox="0 0 14 14" aria-hidden="true"><path class="mark priority" d="M2 12L7 2L12 12z"/></svg> priority changed</li>
        </ul>
        """
    }

    @MarkupBuilder<HTML>
    private func rows(_ overview: Page.Overview) -> MarkupLines<HTML> {
        """
        <div id="rows" class="scroll" tabindex="0" role="group" aria-label="Who was master when, all virtual routers" \
        data-start="\(overview.start)" data-length="\(overview.length)" data-zones="\(overview.zones)">
        \(overview.head)
        """
        for group in overview.groups {
            if group.members.isEmpty {
                group.picture
            } else {
                """
                <details class="together">
                <summary>\(group.picture)</summary>
                """
                for member in group.members { member }
                "</details>"
            }
        }
        "</div>"
    }

    @MarkupBuilder<HTML>
    private var tools: MarkupLines<HTML> {
        """
        <div id="tools" class="tools" hidden>
        <div role="toolbar" aria-label="The time shown" aria-controls="rows">
        <button type="button" data-do="in">Zoom in</button>
        <button type="button" data-do="out">Zoom out</button>
        <button type="button" data-do="earlier">Earlier</button>
        <button type="button" data-do="later">Later</button>
        <button type="button" data-do="whole">Whole time</button>
        <button type="button" data-do="link">Copy link</button>
        <button type="button" data-do="filter">Copy Wireshark filter</button>
        </div>
        <p><label>Rows with <input id="find" type="search" autocomplete="off" spellcheck="false" placeholder="address, VRID, VLAN"></label>
        <label>Compare <select id="first"><option value="">none</option></select></label>
        <label>with <select id="second"><option value="">none</option></select></label></p>
        <p class="faint">Drag over the rows to enlarge a stretch of time. Click to mark an instant. Keys, when the rows have the focus: + and − enlarge and reduce, ← and → move, Esc shows the whole time.</p>
        <p><output id="window"></output> <output id="instant"></output></p>
        <p><code id="filter"></code> <span id="copied" role="status"></span></p>
        </div>
        <div id="closer" class="scroll" tabindex="0" role="group" aria-label="Two virtual routers compared" hidden></div>
        """
    }
}
