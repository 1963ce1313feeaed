import Monitoring
import Testing

@Suite("Metrics")
struct MetricsRecorderTests {
    @Test("counters add, totals and gauges are set, and the text is Prometheus' own")
    func text() {
        let metrics = MetricsRecorder()
        metrics.count("b_total", help: "Second.", labels: [("kind", "x")])
        metrics.count("b_total", help: "Second.", labels: [("kind", "x")], by: 2)
        metrics.count("b_total", help: "Second.", labels: [("kind", "a")])
        metrics.gauge("a_gauge", help: "First.", to: 4)
        metrics.adjust("a_gauge", help: "First.", by: -1.5)
        metrics.total("c_total", help: "Third.", to: 9)
        metrics.total("c_total", help: "Third.", to: 11)
        #expect(
            metrics.prometheusText == """
                # HELP a_gauge First.
                # TYPE a_gauge gauge
                a_gauge 2.5
                # HELP b_total Second.
                # TYPE b_total counter
                b_total{kind="a"} 1
                b_total{kind="x"} 3
                # HELP c_total Third.
                # TYPE c_total counter
                c_total 11

                """)
    }

    @Test("a histogram's buckets are cumulative, its bounds inclusive, and sum and count agree")
    func histogram() {
        let metrics = MetricsRecorder()
        for value in [0.5, 1, 1.5, 3, 100] {
            metrics.observe("h_seconds", help: "H.", labels: [("route", "r")], value, bounds: [1, 2, 4])
        }
        let lines = Set(metrics.prometheusText.split(separator: "\n"))
        for line in [
            #"h_seconds_bucket{route="r",le="1"} 2"#, #"h_seconds_bucket{route="r",le="2"} 3"#,
            #"h_seconds_bucket{route="r",le="4"} 4"#, #"h_seconds_bucket{route="r",le="+Inf"} 5"#,
            #"h_seconds_sum{route="r"} 106"#, #"h_seconds_count{route="r"} 5"#, "# TYPE h_seconds histogram",
        ] { #expect(lines.contains(Substring(line)), "\(line) is missing in\n\(metrics.prometheusText)") }
    }

    @Test("no input grows the memory: label sets beyond the bound are counted together")
    func boundedSeries() {
        let metrics = MetricsRecorder(maximumSeriesPerFamily: 3)
        for number in 0..<1000 { metrics.count("n_total", help: "N.", labels: [("who", "stranger \(number)")]) }
        let lines = metrics.prometheusText.split(separator: "\n").filter { $0.hasPrefix("n_total") }
        #expect(lines.count == 4)
        #expect(lines.contains(#"n_total{who="other"} 997"#))
        #expect(lines.contains(#"n_total{who="stranger 0"} 1"#))
    }

    @Test("a label's value cannot write lines of its own")
    func escaping() {
        let metrics = MetricsRecorder()
        metrics.count("e_total", help: "E.", labels: [("v", "a\"} 9\nforged_total 1\\")])
        let lines = metrics.prometheusText.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[2] == #"e_total{v="a\"} 9\nforged_total 1\\"} 1"#)
    }

    @Test("updates from many threads are all there")
    func concurrent() async {
        let metrics = MetricsRecorder()
        await withTaskGroup(of: Void.self) { group in
            for lane in 0..<8 {
                group.addTask {
                    for _ in 0..<500 {
                        metrics.count("t_total", help: "T.", labels: [("lane", "\(lane % 2)")])
                        metrics.observe("t_seconds", help: "T.", 0.001)
                    }
                }
            }
        }
        #expect(metrics.prometheusText.contains("t_total{lane=\"0\"} 2000\nt_total{lane=\"1\"} 2000\n"))
        #expect(metrics.prometheusText.contains("t_seconds_count 4000\n"))
    }
}
