#if Scanner
    import CodeSecurity
    import Foundation

    /// Feeds one subject until its seconds of CPU are over.
    struct Worker {
        /// Seconds of CPU for one input; then the operating system ends the process with SIGPROF.
        static let inputSeconds = 10

        private let subject: Subject
        private let samples: Samples
        private let options: Options

        init(_ subject: Subject, _ samples: Samples, _ options: Options) {
            self.subject = subject
            self.samples = samples
            self.options = options
        }

        /// Runs; the number of the input at hand stands in the file, so that whoever watches can make it again.
        func run(progress: String) {
            let descriptor = open(progress, O_WRONLY)
            var number: UInt64 = 0
            var byteCount = 0
            while Self.cpuSeconds < Double(options.seconds) {
                number += 1
                var note = number.littleEndian
                _ = pwrite(descriptor, &note, MemoryLayout<UInt64>.size, 0)
                let input = samples.input(number, seed: options.seed)
                byteCount += input.count
                if let complaint = Self.check(input, subject, isThorough: number % 8 == 0) {
                    print("\(subject.rawValue): \(complaint)")
                    exit(1)
                }
            }
            print(
                "\(subject.rawValue): \(number) inputs, \(byteCount / 1_048_576) MiB, \(options.seconds) s of CPU, seed "
                    + "\(options.seed): nothing wrong")
        }

        /// What is wrong with what the subject makes of an input; nil when nothing is.
        static func check(_ input: [UInt8], _ subject: Subject, isThorough: Bool) -> String? {
            limitCPU(seconds: inputSeconds)
            defer { limitCPU(seconds: 0) }
            return subject.check(input, isThorough: isThorough)
        }

        /// Runs on a thread with as much stack as the analyser's own have.
        static func onDeepStack(_ body: @escaping @Sendable () -> Void) {
            let done = DispatchSemaphore(value: 0)
            let thread = Thread {
                body()
                done.signal()
            }
            thread.stackSize = 16 * 1_048_576
            thread.start()
            done.wait()
        }

        private static var cpuSeconds: Double {
            var time = timespec()
            clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
            return Double(time.tv_sec) + Double(time.tv_nsec) / 1_000_000_000
        }

        /// Ends the process with SIGPROF after some seconds of CPU; 0 takes that back.
        private static func limitCPU(seconds: Int) {
            var timer = itimerval()
            timer.it_value.tv_sec = seconds
            #if canImport(Glibc)
                setitimer(__itimer_which_t(ITIMER_PROF.rawValue), &timer, nil)
            #else
                setitimer(ITIMER_PROF, &timer, nil)
            #endif
        }
    }
#endif
