import Foundation
import LocalState
import NIOCore
import NIOHTTP1
import NIOPosix
import TestSupport
import Testing
import Vocabulary

@testable import Gateway

@Suite struct DevIssuerTests {
    @Test func theOwnerOfALoopbackConnectionIsFound() async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let accepted = group.next().makePromise(of: (SocketAddress?, SocketAddress?).self)
        let server = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                accepted.succeed((channel.remoteAddress, channel.localAddress))
                return channel.eventLoop.makeSucceededVoidFuture()
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(server.localAddress?.port)
        let client = try await ClientBootstrap(group: group).connect(host: "127.0.0.1", port: port).get()
        let ends = try await accepted.futureResult.get()
        let (peer, local) = (try #require(ends.0), try #require(ends.1))
        #expect(PeerOwner.uid(peer: peer, local: local) == geteuid())
        try await client.close()
        try await server.close()
    }

    @Test func anOwnerThatCannotBeToldIsNobody() throws {
        let table = """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1000        0 1
               1: 0100007F:C350 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1001        0 2
               2: 0A00000A:C351 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1002        0 3
            """
        #expect(PeerOwner.uid(inTable: table, from: 0xC350, to: 0x1F90) == 1_001)
        #expect(PeerOwner.uid(inTable: table, from: 0xC351, to: 0x1F90) == nil)
        #expect(PeerOwner.uid(inTable: table, from: 1, to: 2) == nil)
        let elsewhere = try SocketAddress(ipAddress: "10.0.0.1", port: 5)
        #expect(PeerOwner.uid(peer: elsewhere, local: elsewhere) == nil)
    }

    @Test func aDeviceIsApprovedOnceByTheFormThatWasShown() async throws {
        let devices = DeviceGrants()
        let now = Timestamp(seconds: 1_000)
        let device = try #require(await devices.begin(now: now))
        #expect(await devices.poll(device.deviceCode, now: now) == .pending)
        #expect(await devices.poll(device.deviceCode, now: now) == .tooFast)
        #expect(
            await devices.find(userCode: device.userCode.lowercased().replacing("-", with: " "))?.deviceCode
                == device.deviceCode)
        #expect(!(await devices.decide(userCode: device.userCode, formToken: "guessed", approved: true)))
        #expect(await devices.poll(device.deviceCode, now: now.advanced(bySeconds: 5)) == .pending)
        #expect(await devices.decide(userCode: device.userCode, formToken: device.formToken, approved: true))
        #expect(!(await devices.decide(userCode: device.userCode, formToken: device.formToken, approved: false)))
        #expect(await devices.poll(device.deviceCode, now: now.advanced(bySeconds: 9)) == .approved)
        #expect(await devices.poll(device.deviceCode, now: now.advanced(bySeconds: 12)) == .expired)
    }

    @Test func aDeviceThatIsDeniedOrTooOldGetsNothing() async throws {
        let devices = DeviceGrants()
        let now = Timestamp(seconds: 1_000)
        let denied = try #require(await devices.begin(now: now))
        #expect(await devices.decide(userCode: denied.userCode, formToken: denied.formToken, approved: false))
        #expect(await devices.poll(denied.deviceCode, now: now) == .denied)
        let old = try #require(await devices.begin(now: now))
        #expect(await devices.poll(old.deviceCode, now: now.advanced(bySeconds: 600)) == .expired)
        for _ in 0..<20 { _ = await devices.begin(now: now) }
        #expect(await devices.begin(now: now) == nil)
    }

    @Test func aClientsSecretIsKeptPrivateAndProvenInBothWays() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/client.json"
        let client = try DevClient.loadOrCreate(path)
        let secret = try #require(try JSON(parsing: PrivateFile.read(path))["clientSecret"]?.string)
        let again = try DevClient.loadOrCreate(path)
        let basic = Base64.encode("\(client.id):\(secret)".utf8)
        #expect(again.isProven(by: ["Authorization": "Basic \(basic)"], FormFields([])))
        #expect(again.isProven(by: [:], FormFields([("client_id", client.id), ("client_secret", secret)])))
        #expect(!again.isProven(by: [:], FormFields([("client_id", client.id), ("client_secret", secret + "x")])))
        #expect(!again.isProven(by: [:], FormFields([("client_id", "other"), ("client_secret", secret)])))
        #expect(!again.isProven(by: ["Authorization": "Basic \(Base64.encode("\(client.id):".utf8))"], FormFields([])))
        #expect(!again.isProven(by: [:], FormFields([])))
    }
}
