import Glibc

/// The user as whom the service works.
struct ServiceUser: Sendable, Equatable {
    let name: String
    let number: uid_t
    let group: gid_t

    /// Returns the user of that name; nil if there is none.
    init?(named name: String) {
        guard let entry = getpwnam(name)?.pointee else { return nil }
        (self.name, number, group) = (name, entry.pw_uid, entry.pw_gid)
    }

    /// The user of this process.
    static var current: ServiceUser {
        ServiceUser(ofThisProcess: geteuid())
    }

    private init(ofThisProcess number: uid_t) {
        let name = getpwuid(number).flatMap { $0.pointee.pw_name }.map { String(cString: $0) }
        (self.name, self.number, group) = (name ?? "user \(number)", number, getegid())
    }

    /// Whether this process can work as that user.
    var isPossible: Bool { geteuid() == 0 || geteuid() == number }

    /// Runs `body` with the user's effective identity and groups, so that the kernel itself decides what he may do. All
    /// threads of the process have it meanwhile. The process must be root, or that user already.
    ///
    /// - Returns: nil if the identity cannot be taken.
    func run<Result>(_ body: () -> Result) -> Result? {
        guard geteuid() != number else { return body() }
        var groups = [gid_t](repeating: 0, count: Int(max(getgroups(0, nil), 0)))
        let count = getgroups(Int32(groups.count), &groups)
        let ownGroup = getegid()
        let own = geteuid()
        guard count >= 0, initgroups(name, group) == 0 else { return nil }
        defer { _ = setgroups(Int(count), groups) }
        guard setegid(group) == 0 else { return nil }
        defer { _ = setegid(ownGroup) }
        guard seteuid(number) == 0 else { return nil }
        defer { _ = seteuid(own) }
        return body()
    }
}
