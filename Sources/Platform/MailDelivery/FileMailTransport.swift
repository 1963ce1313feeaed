import Authentication
import BucklerPrimitives
import Foundation
import NIOPosix

/// Development's mail system: every mail becomes a file that people and tests open.
///
/// `<time>-<mail id>.eml`, so a listing sorts as the mails were queued; mode 0600; written beside and renamed, so a
/// reader never sees half a mail. A repeated delivery replaces the same file.
package final class FileMailTransport: MailTransport {
    private let folder: String
    private let sender: MailSender

    /// Makes the folder (0700) if it is missing.
    ///
    /// - Throws: `MailError.misconfigured` if it cannot be made or is not a folder.
    package init(folder: String, sender: MailSender) throws(MailError) {
        self.folder = folder
        self.sender = sender
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
            throw .misconfigured(MailFault(libraryCode: Int(errno)))
        }
        var information = stat()
        guard stat(folder, &information) == 0, information.st_mode & S_IFMT == S_IFDIR else {
            throw .misconfigured(MailFault(libraryCode: Int(ENOTDIR)))
        }
    }

    package func deliver(_ mail: OutgoingMail) async throws(MailError) {
        let bytes = MailBytes.encode(mail, from: sender)
        let name = Self.fileName(mail)
        let result: Int32
        do {
            result = try await NIOThreadPool.singleton.runIfActive { [folder] in Self.write(bytes, folder, name) }
        } catch {
            throw .cancelled
        }
        guard result == 0 else { throw .temporary(MailFault(libraryCode: Int(result))) }
    }

    /// The name of a mail's file.
    package static func fileName(_ mail: OutgoingMail) -> String {
        let milliseconds = String(1000 + ((mail.date.milliseconds % 1000) + 1000) % 1000).dropFirst()
        return "\(MailBytes.compactDate(mail.date).dropLast()).\(milliseconds)Z-\(mail.id.text).eml"
    }

    /// 0, or the system's error number.
    private static func write(_ bytes: [UInt8], _ folder: String, _ name: String) -> Int32 {
        let temporary = "\(folder)/.\(name).partial"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return errno }
        var done = 0
        while done < bytes.count {
            let step = bytes.withUnsafeBytes { buffer in
                // Qualified by what it is called on: the C function, not this one.
                Foundation.write(descriptor, buffer.baseAddress?.advanced(by: done), bytes.count - done)
            }
            if step < 0, errno == EINTR { continue }
            guard step > 0 else { return abandon(descriptor, temporary) }
            done += step
        }
        guard fsync(descriptor) == 0 else { return abandon(descriptor, temporary) }
        close(descriptor)
        return rename(temporary, "\(folder)/\(name)") == 0 ? 0 : errno
    }

    private static func abandon(_ descriptor: Int32, _ temporary: String) -> Int32 {
        let cause = errno == 0 ? EIO : errno
        close(descriptor)
        unlink(temporary)
        return cause
    }
}
