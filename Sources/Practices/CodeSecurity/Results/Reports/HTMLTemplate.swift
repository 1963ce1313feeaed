/// Style, script and closing words of the HTML report.
enum HTMLTemplate {
    static let style = """
        :root{color-scheme:light dark;--bg:#f4f6f8;--fg:#18202a;--mut:#586472;--card:#fff;--line:#dde2e8;--err:#b3261e;--warn:#9a5b00;--note:#2b5f9e;--good:#1c6b3c;--code:#f3f5f8;--errbg:#fbeceb;--warnbg:#fbf2e3;--notebg:#eaf1f9;--goodbg:#e8f4ec;--markerr:#f8d3d0;--markwarn:#f7e2bd;--marknote:#d3e3f5}
        @media(prefers-color-scheme:dark){:root{--bg:#11151b;--fg:#e6e9ee;--mut:#98a4b3;--card:#1a2028;--line:#2b343f;--err:#ff8f86;--warn:#f7b757;--note:#8ab8f0;--good:#7bd49a;--code:#12171e;--errbg:#2d1a1b;--warnbg:#2b2316;--notebg:#17222f;--goodbg:#16271d;--markerr:#5c2724;--markwarn:#55401a;--marknote:#223d5c}}
        *{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--fg);font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
        header,main,footer{max-width:1120px;margin:0 auto;padding:0 28px}header{padding-top:36px;padding-bottom:18px}
        .kind{margin:0;color:var(--mut);font-size:13px;letter-spacing:.06em;text-transform:uppercase}h1{margin:2px 0;font-size:32px;line-height:1.2;overflow-wrap:anywhere}.sub{margin:4px 0 0;color:var(--mut)}
        h2{font-size:17px;margin:30px 0 12px}a{color:inherit;text-decoration-color:var(--line);text-underline-offset:3px}a:hover{text-decoration-color:currentColor}
        .verdict{display:flex;gap:4px 14px;flex-wrap:wrap;align-items:baseline;padding:16px 20px;border-radius:12px;margin:0 0 16px}.verdict strong{font-size:18px}
        .verdict.good{background:var(--goodbg)}.verdict.warning{background:var(--warnbg)}.verdict.error{background:var(--errbg)}
        .verdict.good strong{color:var(--good)}.verdict.warning strong{color:var(--warn)}.verdict.error strong{color:var(--err)}
        .cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px}.card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:14px 18px}
        .card b{font-size:30px;line-height:1.1;margin-right:8px;font-variant-numeric:tabular-nums}.card small{display:block;color:var(--mut);font-size:13px}.card.error b{color:var(--err)}.card.warning b{color:var(--warn)}.card.note b{color:var(--note)}
        .split{display:grid;grid-template-columns:1fr 1fr;gap:14px;margin-top:14px}@media(max-width:820px){.split{grid-template-columns:1fr}header,main,footer{padding-left:16px;padding-right:16px}}
        .panel,article,.box{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:16px 20px}.panel h2{margin:0 0 8px}
        table{width:100%;border-collapse:collapse}td,th{padding:5px 6px 5px 0;text-align:left;font-weight:normal;vertical-align:top}.n{text-align:right;width:44px;font-variant-numeric:tabular-nums}
        .list td{border-top:1px solid var(--line)}.list tr:first-child td{border-top:0}.list td:first-child{padding-left:19px;text-indent:-19px}.list td.more:first-child{text-indent:0;padding-left:0;color:var(--mut)}
        .chart th{width:200px;line-height:1.25}.chart small{display:block;color:var(--mut);font-size:12.5px}.chart td{vertical-align:middle}.none{color:var(--mut)}.bar{display:flex;height:12px;background:var(--code);border-radius:6px;overflow:hidden}.bar i{display:block;height:100%}
        i.error{background:var(--err)}i.warning{background:var(--warn)}i.note{background:var(--note)}.dot{display:inline-block;width:9px;height:9px;border-radius:50%;margin-right:10px}
        .tools{display:flex;gap:14px;align-items:center;flex-wrap:wrap;margin-bottom:14px}#search{flex:1;min-width:220px;padding:9px 14px;border:1px solid var(--line);border-radius:10px;background:var(--card);color:var(--fg);font:inherit}#count{color:var(--mut);min-width:72px;text-align:right}
        article{margin-bottom:14px;border-left:4px solid var(--note);scroll-margin-top:12px}article.error{border-left-color:var(--err)}article.warning{border-left-color:var(--warn)}article p{margin:8px 0}[hidden]{display:none}
        h3{display:flex;gap:10px;align-items:baseline;margin:0;font-size:17px}.times{margin-left:auto;color:var(--mut);font-size:13px;font-weight:normal;white-space:nowrap}
        dl{display:grid;grid-template-columns:44px 1fr;gap:4px 8px;margin:8px 0 12px}dt{color:var(--mut)}dd{margin:0;min-width:0;overflow-wrap:anywhere}
        .where{margin:10px 0 4px;color:var(--mut);font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
        pre{background:var(--code);border:1px solid var(--line);border-radius:8px;padding:9px 12px;overflow-x:auto;font:13px/1.55 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;margin:4px 0;tab-size:4}.ln{display:inline-block;min-width:42px;color:var(--mut);user-select:none}
        mark{color:inherit;border-radius:3px;padding:1px 0;background:var(--marknote)}.error mark{background:var(--markerr)}.warning mark{background:var(--markwarn)}
        .badge{font-size:12px;font-weight:600;padding:1px 9px;border-radius:9px}.badge.error{color:var(--err);background:var(--errbg)}.badge.warning{color:var(--warn);background:var(--warnbg)}.badge.note{color:var(--note);background:var(--notebg)}
        .tags{display:flex;flex-wrap:wrap;gap:6px;align-items:center;color:var(--mut);font-size:13px}.tag{font-size:12px;color:var(--mut);border:1px solid var(--line);border-radius:8px;padding:0 8px}.refs{color:var(--mut);font-size:13px;overflow-wrap:anywhere}
        code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}summary{cursor:pointer;color:var(--mut)}.rest{margin:8px 0}section{margin-bottom:14px}footer{padding-top:18px;padding-bottom:44px;color:var(--mut);font-size:13.5px}footer p{margin:6px 0}
        @media print{body{background:#fff}.tools,#count{display:none}article,.panel,.card{break-inside:avoid}header{padding-top:0}}
        """

    static let footer = """
        <footer><p><b>Error</b>: an attacker profits from it directly. <b>Warning</b>: a weakness that a reviewer would have mended. <b>Note</b>: worth knowing; no action is forced.
        Weaknesses carry the names of OWASP MASVS v2, MASWE, MASTG and CWE.</p>
        <p>The code was read, not run, and did not leave the machine. A report without findings does not prove that there are no weaknesses.</p></footer>
        """

    static let script = """
        (()=>{const search=document.getElementById('search');if(!search)return;
        const boxes=[...document.querySelectorAll('.tools input[type=checkbox]')],items=[...document.querySelectorAll('article')],count=document.getElementById('count');
        const places=items.map(i=>[...i.querySelectorAll('.place')]),heads=items.map((i,k)=>{const c=i.cloneNode(true);c.querySelectorAll('.place').forEach(p=>p.remove());return c.textContent.toLowerCase()});
        const texts=places.map(l=>l.map(p=>p.textContent.toLowerCase())),total=texts.reduce((n,l)=>n+l.length,0);
        const apply=()=>{const words=search.value.toLowerCase().split(/\\s+/).filter(Boolean),levels=new Set(boxes.filter(b=>b.checked).map(b=>b.dataset.level));let n=0;
        items.forEach((item,i)=>{let shown=0;const on=levels.has(item.dataset.level);
        places[i].forEach((p,k)=>{const ok=on&&words.every(w=>heads[i].includes(w)||texts[i][k].includes(w));p.hidden=!ok;if(ok)shown++});
        item.hidden=shown===0;if(words.length)item.querySelectorAll('details').forEach(d=>d.open=true);n+=shown});
        count.textContent=n+' of '+total};
        search.addEventListener('input',apply);boxes.forEach(b=>b.addEventListener('change',apply));
        addEventListener('beforeprint',()=>document.querySelectorAll('details').forEach(d=>d.open=true));apply()})();
        """
}
