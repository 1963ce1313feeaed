import AsyncHTTPClient
import BucklerAssembly
import BucklerPrimitives
import Foundation
import NIOCore
import ServerTestSupport
import TestSupport
import Testing

/// The further ways in and out of a process: other names, Unix sockets, other users.
@Suite(
    "Doors of the real process", .serialized, .timeLimit(.minutes(5)),
    .enabled(if: RealServer.program != nil, "buckler is not built"))
struct DoorTests {
    private static let open = "mode: development\nroutes:\n  - { path: \"/**\", auth: none }\n"
    private static let ok = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nwhole"

    @Test("an upstream on a Unix socket is asked as one on a port is")
    func unixUpstream() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/api.sock"
        let upstream = try await ScriptedUpstream(unixPath: path) { _ in [.send(Self.ok)] }
        let server = try RealServer(folder: folder.path, configuration: Self.open)
        try await server.start(["--upstream", "unix:\(path)"])
        for _ in 0..<3 { #expect(try await Self.get(server, "/a?b=c") == "whole") }
        #expect(upstream.requests.count == 3)
        #expect(upstream.requests[0].hasPrefix("GET /a?b=c HTTP/1.1\r\n"))
        #expect(upstream.requests[0].contains("Host: localhost"))
        await upstream.stop()
        let gone = try await Self.get(server, "/a")
        #expect(gone.contains("channel.upstream_unreachable"), "\(gone)")
        #expect(try await server.stop() == 0)
    }

    @Test(
        "--lan with a name that is not this machine's stops the start with 78",
        arguments: ["nobody.invalid", "localhost"])
    func foreignName(name: String) async throws {
        let folder = try TemporaryFolder()
        let server = try RealServer(folder: folder.path, launcher: try OtherNames.none(folder.path))
        let failure = try await server.startAndFail(["--lan", name])
        #expect(failure.exitCode == 78 && failure.output.contains("lan"), "\(failure)")
    }

    @Test(
        "--lan NAME: a phone in the network reaches the server by that name, and by no other",
        .enabled(if: OtherNames.canBeMade, "needs an address beside loopback and the right to mount"))
    func lan() async throws {
        let folder = try TemporaryFolder()
        let names = try OtherNames(folder.path, name: "shield-test.local")
        let server = try RealServer(folder: folder.path, configuration: Self.open, launcher: names.launcher)
        try await server.start(["--lan", names.name, "--listen", "\(names.address):\(server.port)"])
        let authority = folder.path + "/data/dev-ca.pem"
        for (name, isTrusted) in [(names.name, true), ("localhost", true), ("other.local", false)] {
            let wire = try await TLSWire.connect(
                host: names.address, port: server.port, trusting: authority, name: name)
            try? await wire.send("GET /health/live HTTP/1.1\r\nHost: \(name)\r\nConnection: close\r\n\r\n")
            #expect(await wire.receivedAtEnd().hasPrefix("HTTP/1.1 200") == isTrusted, "\(name)")
        }
        #expect(server.output.contains(names.name))
        #expect(try await server.stop() == 0)
    }

    @Test(
        "the admin socket hears nobody but its own user and root, whatever its mode",
        .enabled(if: OtherUser.isAvailable, "needs root and python3 to become another user"))
    func adminSocket() async throws {
        let own = try TemporaryFolder(.disk)
        let folder = own.path
        let server = try RealServer(folder: folder)
        try await server.start()
        let socket = folder + "/data/" + AdminSocket.fileName
        #expect(try OtherUser.ask(socket, as: 0).contains("result"))
        #expect(try OtherUser.ask(socket, as: 65_534) == "PermissionError")
        // Somebody opened folder and socket to everybody: the kernel still says who asks.
        for path in [folder, folder + "/data"] { #expect(chmod(path, 0o755) == 0) }
        #expect(chmod(socket, 0o666) == 0)
        #expect(try OtherUser.ask(socket, as: 65_534) == "")
        #expect(try OtherUser.ask(socket, as: 0).contains("result"))
        #expect(try await server.stop() == 0)
    }

    private static func get(_ server: RealServer, _ path: String) async throws -> String {
        let answer = try await server.http.execute(HTTPClientRequest(url: server.url + path), timeout: .seconds(60))
        return String(buffer: try await answer.body.collect(upTo: 1 << 16))
    }
}

/// Another user of this machine, as far as root can become one.
private enum OtherUser {
    static let isAvailable = geteuid() == 0 && (try? run(["-c", "print(1)"]).contains("1")) == true

    /// What the admin socket answers to a user id: a line, nothing, or the name of an error.
    static func ask(_ socket: String, as user: Int) throws -> String {
        let program = """
            import os, socket, sys
            os.setgroups([]); os.setgid(\(user)); os.setuid(\(user))
            peer = socket.socket(socket.AF_UNIX)
            try:
                peer.connect(sys.argv[1])
                peer.sendall(b'{"verb":"status","arguments":{}}\\n')
                print(peer.recv(65536).decode(), end="")
            except PermissionError: print("PermissionError", end="")
            except OSError: pass
            """
        return try run(["-c", program, socket])
    }

    private static func run(_ arguments: [String]) throws -> String {
        String(decoding: try ForeignProgram.run(["python3"] + arguments).output, as: UTF8.self)
    }
}

/// A process's own view of names: a hosts file that stands over the machine's in a mount namespace of its own, and nobody
/// else to ask.
private struct OtherNames {
    let name: String
    let address: String
    let launcher: [String]

    /// An address of this machine that is not loopback's.
    private static let outside: String? = {
        let devices = (try? System.enumerateDevices()) ?? []
        return devices.compactMap { $0.address?.ipAddress }.first { $0.contains(".") && !$0.hasPrefix("127.") }
    }()

    static let canBeMade = SmallDisk.isAvailable && outside != nil

    init(_ folder: String, name: String) throws {
        guard let address = Self.outside else { throw SmallDisk.Refused() }
        self.name = name
        self.address = address
        launcher = try Self.launcher(folder, hosts: "127.0.0.1 localhost\n\(address) \(name)\n")
    }

    /// A launcher for a machine that knows no name but its own.
    ///
    /// Without the right to mount the machine's name servers are asked, but each only once and for a second.
    static func none(_ folder: String) throws -> [String] {
        guard SmallDisk.isAvailable else { return ["RES_OPTIONS=timeout:1 attempts:1"] }
        return try launcher(folder, hosts: "127.0.0.1 localhost\n")
    }

    private static func launcher(_ folder: String, hosts: String) throws -> [String] {
        var mounts: [String] = []
        for (text, name) in [(hosts, "hosts"), ("hosts: files\n", "nsswitch.conf")] {
            try text.write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
            mounts.append("{ [ ! -e /etc/\(name) ] || mount --bind \(folder)/\(name) /etc/\(name); }")
        }
        return ["unshare", "-m", "sh", "-c", mounts.joined(separator: " && ") + " && exec \"$@\"", "sh"]
    }
}
