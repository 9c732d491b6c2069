// Writes templates that another tool makes, one a file, into the directory given: each shows one part of the CDK's
// library of constructs as its users write it. Nothing here is about accel.
import fs from 'node:fs';
import * as cdk from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as acmpca from 'aws-cdk-lib/aws-acmpca';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as apigatewayv2 from 'aws-cdk-lib/aws-apigatewayv2';
import * as integrations from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import * as appconfig from 'aws-cdk-lib/aws-appconfig';
import * as applicationautoscaling from 'aws-cdk-lib/aws-applicationautoscaling';
import * as appmesh from 'aws-cdk-lib/aws-appmesh';
import * as appsync from 'aws-cdk-lib/aws-appsync';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as backup from 'aws-cdk-lib/aws-backup';
import * as batch from 'aws-cdk-lib/aws-batch';
import * as chatbot from 'aws-cdk-lib/aws-chatbot';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as origins from 'aws-cdk-lib/aws-cloudfront-origins';
import * as cloudtrail from 'aws-cdk-lib/aws-cloudtrail';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as cloudwatchActions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as codecommit from 'aws-cdk-lib/aws-codecommit';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as pipelineActions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import * as config from 'aws-cdk-lib/aws-config';
import * as docdb from 'aws-cdk-lib/aws-docdb';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as patterns from 'aws-cdk-lib/aws-ecs-patterns';
import * as efs from 'aws-cdk-lib/aws-efs';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancing';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as elbv2Targets from 'aws-cdk-lib/aws-elasticloadbalancingv2-targets';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as fsx from 'aws-cdk-lib/aws-fsx';
import * as globalaccelerator from 'aws-cdk-lib/aws-globalaccelerator';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as destinations from 'aws-cdk-lib/aws-lambda-destinations';
import * as sources from 'aws-cdk-lib/aws-lambda-event-sources';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as opensearch from 'aws-cdk-lib/aws-opensearchservice';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as route53Targets from 'aws-cdk-lib/aws-route53-targets';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as notifications from 'aws-cdk-lib/aws-s3-notifications';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import * as schedulerTargets from 'aws-cdk-lib/aws-scheduler-targets';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as servicecatalog from 'aws-cdk-lib/aws-servicecatalog';
import * as servicediscovery from 'aws-cdk-lib/aws-servicediscovery';
import * as ses from 'aws-cdk-lib/aws-ses';
import * as signer from 'aws-cdk-lib/aws-signer';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import * as stepfunctions from 'aws-cdk-lib/aws-stepfunctions';
import * as tasks from 'aws-cdk-lib/aws-stepfunctions-tasks';
import * as synthetics from 'aws-cdk-lib/aws-synthetics';

const outdir = process.argv[2];
fs.mkdirSync(outdir, { recursive: true });
const graphqlSchema = `${outdir}/schema.graphql`;
fs.writeFileSync(graphqlSchema, 'type Thing { id: ID! } type Query { thing(id: ID!): Thing }');

const { Duration, RemovalPolicy, SecretValue, Size } = cdk;

const vpcOf = (stack) => new ec2.Vpc(stack, 'Vpc', { maxAzs: 2 });
const functionOf = (stack, id = 'Function') =>
  new lambda.Function(stack, id, {
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = async () => ({});'),
    timeout: Duration.seconds(30),
    environment: { STAGE: 'test', LEVEL: 'debug' },
  });

const templates = {
  bucket(stack) {
    const key = new kms.Key(stack, 'Key', { enableKeyRotation: true, alias: 'alias/data' });
    const logs = new s3.Bucket(stack, 'Logs', { objectOwnership: s3.ObjectOwnership.OBJECT_WRITER });
    new s3.Bucket(stack, 'Data', {
      encryption: s3.BucketEncryption.KMS,
      encryptionKey: key,
      enforceSSL: true,
      versioned: true,
      serverAccessLogsBucket: logs,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      intelligentTieringConfigurations: [{ name: 'tier', archiveAccessTierTime: Duration.days(90) }],
      lifecycleRules: [
        { expiration: Duration.days(365), transitions: [{ storageClass: s3.StorageClass.GLACIER, transitionAfter: Duration.days(90) }] },
        { abortIncompleteMultipartUploadAfter: Duration.days(7), noncurrentVersionExpiration: Duration.days(30) },
      ],
      cors: [{ allowedMethods: [s3.HttpMethods.GET, s3.HttpMethods.PUT], allowedOrigins: ['https://example.com'], maxAge: 3000 }],
    });
  },
  website(stack) {
    new s3.Bucket(stack, 'Site', {
      websiteIndexDocument: 'index.html',
      websiteErrorDocument: 'error.html',
      websiteRoutingRules: [{ hostName: 'example.com', httpRedirectCode: '302', protocol: s3.RedirectProtocol.HTTPS, condition: { httpErrorCodeReturnedEquals: '404' } }],
      publicReadAccess: false,
      metrics: [{ id: 'all' }],
      inventories: [{ destination: { bucket: new s3.Bucket(stack, 'Inventory') }, frequency: s3.InventoryFrequency.WEEKLY }],
    });
  },
  notification(stack) {
    const bucket = new s3.Bucket(stack, 'Bucket', { eventBridgeEnabled: true });
    bucket.addEventNotification(s3.EventType.OBJECT_CREATED, new notifications.SqsDestination(new sqs.Queue(stack, 'Queue')), { prefix: 'in/' });
  },
  topic(stack) {
    const topic = new sns.Topic(stack, 'Topic', { displayName: 'Alerts', masterKey: new kms.Key(stack, 'Key') });
    topic.addSubscription(new subscriptions.EmailSubscription('ops@example.com'));
    topic.addSubscription(new subscriptions.UrlSubscription('https://example.com/hook'));
    topic.addSubscription(new subscriptions.SqsSubscription(new sqs.Queue(stack, 'Queue'), {
      filterPolicy: { color: sns.SubscriptionFilter.stringFilter({ allowlist: ['red'], matchPrefixes: ['bl'] }), size: sns.SubscriptionFilter.numericFilter({ between: { start: 1, stop: 9 } }) },
      rawMessageDelivery: true,
    }));
    topic.addSubscription(new subscriptions.LambdaSubscription(functionOf(stack)));
    new sns.Topic(stack, 'Fifo', { fifo: true, contentBasedDeduplication: true });
  },
  queue(stack) {
    const dead = new sqs.Queue(stack, 'Dead', { retentionPeriod: Duration.days(14) });
    new sqs.Queue(stack, 'Queue', {
      deadLetterQueue: { queue: dead, maxReceiveCount: 3 },
      visibilityTimeout: Duration.minutes(2),
      encryption: sqs.QueueEncryption.KMS,
      enforceSSL: true,
    });
    new sqs.Queue(stack, 'Fifo', { fifo: true, fifoThroughputLimit: sqs.FifoThroughputLimit.PER_MESSAGE_GROUP_ID, deduplicationScope: sqs.DeduplicationScope.MESSAGE_GROUP });
  },
  functions(stack) {
    const fn = functionOf(stack);
    fn.addAlias('live', { provisionedConcurrentExecutions: 2 });
    fn.addFunctionUrl({ authType: lambda.FunctionUrlAuthType.NONE, cors: { allowedOrigins: ['https://example.com'] } });
    fn.configureAsyncInvoke({ maxEventAge: Duration.hours(1), retryAttempts: 1, onFailure: new destinations.SqsDestination(new sqs.Queue(stack, 'Failed')) });
    new lambda.Function(stack, 'Arm', {
      runtime: lambda.Runtime.PYTHON_3_13,
      architecture: lambda.Architecture.ARM_64,
      handler: 'index.handler',
      code: lambda.Code.fromInline('def handler(event, context): pass'),
      memorySize: 512,
      ephemeralStorageSize: Size.gibibytes(1),
      tracing: lambda.Tracing.ACTIVE,
      reservedConcurrentExecutions: 5,
      loggingFormat: lambda.LoggingFormat.JSON,
      applicationLogLevelV2: lambda.ApplicationLogLevel.WARN,
      deadLetterQueueEnabled: true,
    });
  },
  function_sources(stack) {
    const fn = functionOf(stack);
    const table = new dynamodb.Table(stack, 'Table', { partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING }, stream: dynamodb.StreamViewType.NEW_IMAGE });
    fn.addEventSource(new sources.SqsEventSource(new sqs.Queue(stack, 'Queue'), { batchSize: 5, reportBatchItemFailures: true }));
    fn.addEventSource(new sources.DynamoEventSource(table, { startingPosition: lambda.StartingPosition.LATEST, retryAttempts: 3, bisectBatchOnError: true }));
    fn.addEventSource(new sources.KinesisEventSource(new kinesis.Stream(stack, 'Stream'), { startingPosition: lambda.StartingPosition.TRIM_HORIZON, parallelizationFactor: 2 }));
    fn.addEventSource(new sources.SnsEventSource(new sns.Topic(stack, 'Topic')));
  },
  function_in_vpc(stack) {
    const vpc = vpcOf(stack);
    const fs = new efs.FileSystem(stack, 'Files', { vpc });
    const point = fs.addAccessPoint('Point', { path: '/lambda', createAcl: { ownerUid: '1001', ownerGid: '1001', permissions: '750' }, posixUser: { uid: '1001', gid: '1001' } });
    new lambda.Function(stack, 'Function', {
      runtime: lambda.Runtime.PYTHON_3_13,
      handler: 'index.handler',
      code: lambda.Code.fromInline('def handler(event, context): pass'),
      vpc,
      filesystem: lambda.FileSystem.fromEfsAccessPoint(point, '/mnt/files'),
    });
  },
  tables(stack) {
    const table = new dynamodb.Table(stack, 'Table', {
      partitionKey: { name: 'pk', type: dynamodb.AttributeType.STRING },
      sortKey: { name: 'sk', type: dynamodb.AttributeType.NUMBER },
      billingMode: dynamodb.BillingMode.PROVISIONED,
      readCapacity: 5,
      writeCapacity: 5,
      timeToLiveAttribute: 'ttl',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      encryption: dynamodb.TableEncryption.CUSTOMER_MANAGED,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    table.addGlobalSecondaryIndex({ indexName: 'by-kind', partitionKey: { name: 'kind', type: dynamodb.AttributeType.STRING }, projectionType: dynamodb.ProjectionType.KEYS_ONLY });
    table.addLocalSecondaryIndex({ indexName: 'by-date', sortKey: { name: 'date', type: dynamodb.AttributeType.STRING } });
    table.autoScaleReadCapacity({ minCapacity: 5, maxCapacity: 50 }).scaleOnUtilization({ targetUtilizationPercent: 70 });
  },
  global_table(stack) {
    new dynamodb.TableV2(stack, 'Table', {
      partitionKey: { name: 'pk', type: dynamodb.AttributeType.STRING },
      billing: dynamodb.Billing.onDemand(),
      replicas: [{ region: 'eu-central-1', contributorInsightsSpecification: { enabled: true } }],
      globalSecondaryIndexes: [{ indexName: 'gsi', partitionKey: { name: 'gsi', type: dynamodb.AttributeType.BINARY } }],
      tags: [{ key: 'team', value: 'data' }],
    });
  },
  network(stack) {
    const vpc = new ec2.Vpc(stack, 'Vpc', {
      ipAddresses: ec2.IpAddresses.cidr('10.20.0.0/16'),
      maxAzs: 3,
      natGateways: 1,
      subnetConfiguration: [
        { name: 'public', subnetType: ec2.SubnetType.PUBLIC, cidrMask: 24 },
        { name: 'private', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 20 },
        { name: 'isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 24 },
      ],
      flowLogs: { all: { trafficType: ec2.FlowLogTrafficType.REJECT } },
      gatewayEndpoints: { s3: { service: ec2.GatewayVpcEndpointAwsService.S3 } },
    });
    vpc.addInterfaceEndpoint('Ecr', { service: ec2.InterfaceVpcEndpointAwsService.ECR });
    vpc.addGatewayEndpoint('Dynamo', { service: ec2.GatewayVpcEndpointAwsService.DYNAMODB });
    const group = new ec2.SecurityGroup(stack, 'Group', { vpc, allowAllOutbound: false });
    group.addIngressRule(ec2.Peer.ipv4('10.0.0.0/8'), ec2.Port.tcp(443), 'https');
    group.addIngressRule(ec2.Peer.anyIpv6(), ec2.Port.tcpRange(8000, 8010));
    group.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.icmpPing());
    const acl = new ec2.NetworkAcl(stack, 'Acl', { vpc, subnetSelection: { subnetGroupName: 'isolated' } });
    acl.addEntry('In', { cidr: ec2.AclCidr.anyIpv4(), ruleNumber: 100, traffic: ec2.AclTraffic.tcpPort(443), direction: ec2.TrafficDirection.INGRESS, ruleAction: ec2.Action.ALLOW });
  },
  dual_stack_network(stack) {
    new ec2.Vpc(stack, 'Vpc', { ipProtocol: ec2.IpProtocol.DUAL_STACK, maxAzs: 2, vpnGateway: true, vpnConnections: { office: { ip: '203.0.113.7', staticRoutes: ['192.168.10.0/24'] } } });
  },
  instances(stack) {
    const vpc = vpcOf(stack);
    const instance = new ec2.Instance(stack, 'Instance', {
      vpc,
      instanceType: ec2.InstanceType.of(ec2.InstanceClass.T4G, ec2.InstanceSize.SMALL),
      machineImage: ec2.MachineImage.latestAmazonLinux2023({ cpuType: ec2.AmazonLinuxCpuType.ARM_64 }),
      blockDevices: [{ deviceName: '/dev/xvda', volume: ec2.BlockDeviceVolume.ebs(50, { encrypted: true, volumeType: ec2.EbsDeviceVolumeType.GP3, iops: 4000 }) }],
      requireImdsv2: true,
      detailedMonitoring: true,
      ssmSessionPermissions: true,
      keyPair: new ec2.KeyPair(stack, 'Pair', { type: ec2.KeyPairType.ED25519 }),
    });
    instance.addUserData('yum update -y');
    new ec2.BastionHostLinux(stack, 'Bastion', { vpc });
    new ec2.Volume(stack, 'Volume', { availabilityZone: 'eu-west-1a', size: Size.gibibytes(100), encrypted: true, volumeType: ec2.EbsDeviceVolumeType.GP3, throughput: 250 });
  },
  autoscaling(stack) {
    const vpc = vpcOf(stack);
    const launchTemplate = new ec2.LaunchTemplate(stack, 'Template', {
      instanceType: ec2.InstanceType.of(ec2.InstanceClass.M7I, ec2.InstanceSize.LARGE),
      machineImage: ec2.MachineImage.latestAmazonLinux2023(),
      securityGroup: new ec2.SecurityGroup(stack, 'Group', { vpc }),
      userData: ec2.UserData.forLinux(),
      httpTokens: ec2.LaunchTemplateHttpTokens.REQUIRED,
      spotOptions: { requestType: ec2.SpotRequestType.ONE_TIME, maxPrice: 0.5 },
    });
    const group = new autoscaling.AutoScalingGroup(stack, 'Fleet', {
      vpc,
      mixedInstancesPolicy: { launchTemplate, instancesDistribution: { onDemandPercentageAboveBaseCapacity: 50, spotAllocationStrategy: autoscaling.SpotAllocationStrategy.PRICE_CAPACITY_OPTIMIZED }, launchTemplateOverrides: [{ instanceType: new ec2.InstanceType('m7i.xlarge'), weightedCapacity: 2 }] },
      minCapacity: 1,
      maxCapacity: 6,
      healthChecks: autoscaling.HealthChecks.ec2({ gracePeriod: Duration.minutes(2) }),
      updatePolicy: autoscaling.UpdatePolicy.rollingUpdate(),
      terminationPolicies: [autoscaling.TerminationPolicy.OLDEST_LAUNCH_TEMPLATE],
    });
    group.scaleOnCpuUtilization('Cpu', { targetUtilizationPercent: 60 });
    group.scaleOnSchedule('Morning', { schedule: autoscaling.Schedule.cron({ hour: '8', minute: '0' }), minCapacity: 3 });
    group.addLifecycleHook('Drain', { lifecycleTransition: autoscaling.LifecycleTransition.INSTANCE_TERMINATING, heartbeatTimeout: Duration.minutes(5) });
    group.addWarmPool({ minSize: 1, poolState: autoscaling.PoolState.STOPPED });
  },
  load_balancer(stack) {
    const vpc = vpcOf(stack);
    const balancer = new elbv2.ApplicationLoadBalancer(stack, 'Balancer', { vpc, internetFacing: true, deletionProtection: true, idleTimeout: Duration.seconds(90), dropInvalidHeaderFields: true, http2Enabled: true });
    const certificate = acm.Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:eu-west-1:111111111111:certificate/12345678-1234-1234-1234-123456789012');
    const listener = balancer.addListener('Https', { port: 443, certificates: [certificate], sslPolicy: elbv2.SslPolicy.RECOMMENDED_TLS, defaultAction: elbv2.ListenerAction.fixedResponse(404, { contentType: 'text/plain', messageBody: 'no' }) });
    balancer.addRedirect();
    listener.addTargets('App', { priority: 10, conditions: [elbv2.ListenerCondition.pathPatterns(['/app/*']), elbv2.ListenerCondition.hostHeaders(['app.example.com'])], targets: [new elbv2Targets.LambdaTarget(functionOf(stack))] });
    listener.addAction('Auth', { priority: 20, conditions: [elbv2.ListenerCondition.sourceIps(['192.0.2.0/24'])], action: elbv2.ListenerAction.authenticateOidc({ authorizationEndpoint: 'https://example.com/a', clientId: 'id', clientSecret: SecretValue.secretsManager('oidc'), issuer: 'https://example.com', tokenEndpoint: 'https://example.com/t', userInfoEndpoint: 'https://example.com/u', next: elbv2.ListenerAction.fixedResponse(200) }) });
  },
  network_load_balancer(stack) {
    const vpc = vpcOf(stack);
    const balancer = new elbv2.NetworkLoadBalancer(stack, 'Balancer', { vpc, crossZoneEnabled: true });
    const listener = balancer.addListener('Tcp', { port: 443, protocol: elbv2.Protocol.TCP });
    listener.addTargets('Targets', { port: 8443, targets: [new elbv2Targets.IpTarget('10.0.1.10')], healthCheck: { protocol: elbv2.Protocol.HTTPS, path: '/health', interval: Duration.seconds(15), healthyHttpCodes: '200-299' }, deregistrationDelay: Duration.seconds(60) });
    new elb.LoadBalancer(stack, 'Classic', { vpc, internetFacing: true, healthCheck: { port: 80 }, listeners: [{ externalPort: 80 }] });
  },
  containers(stack) {
    const cluster = new ecs.Cluster(stack, 'Cluster', { vpc: vpcOf(stack), containerInsightsV2: ecs.ContainerInsights.ENHANCED, enableFargateCapacityProviders: true });
    cluster.addDefaultCloudMapNamespace({ name: 'local', useForServiceConnect: true });
    const task = new ecs.FargateTaskDefinition(stack, 'Task', { cpu: 512, memoryLimitMiB: 1024, ephemeralStorageGiB: 30, runtimePlatform: { cpuArchitecture: ecs.CpuArchitecture.ARM64 }, volumes: [{ name: 'scratch' }] });
    const container = task.addContainer('app', {
      image: ecs.ContainerImage.fromRegistry('public.ecr.aws/nginx/nginx:latest'),
      portMappings: [{ containerPort: 8080, name: 'http', appProtocol: ecs.AppProtocol.http }],
      logging: ecs.LogDrivers.awsLogs({ streamPrefix: 'app', mode: ecs.AwsLogDriverMode.NON_BLOCKING }),
      healthCheck: { command: ['CMD-SHELL', 'curl -f http://localhost:8080/ || exit 1'], interval: Duration.seconds(10), retries: 3 },
      secrets: { TOKEN: ecs.Secret.fromSecretsManager(new secretsmanager.Secret(stack, 'Secret')) },
      environment: { A: 'b' },
      ulimits: [{ name: ecs.UlimitName.NOFILE, softLimit: 1024, hardLimit: 2048 }],
    });
    container.addMountPoints({ containerPath: '/scratch', sourceVolume: 'scratch', readOnly: false });
    const service = new ecs.FargateService(stack, 'Service', { cluster, taskDefinition: task, desiredCount: 2, minHealthyPercent: 100, circuitBreaker: { rollback: true }, enableExecuteCommand: true, capacityProviderStrategies: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }], serviceConnectConfiguration: { services: [{ portMappingName: 'http', dnsName: 'app', port: 80 }] } });
    service.autoScaleTaskCount({ maxCapacity: 10 }).scaleOnCpuUtilization('Cpu', { targetUtilizationPercent: 50 });
  },
  container_patterns(stack) {
    const cluster = new ecs.Cluster(stack, 'Cluster', { vpc: vpcOf(stack) });
    new patterns.ApplicationLoadBalancedFargateService(stack, 'Web', { cluster, taskImageOptions: { image: ecs.ContainerImage.fromRegistry('nginx') }, publicLoadBalancer: true, minHealthyPercent: 50 });
    new patterns.QueueProcessingFargateService(stack, 'Worker', { cluster, image: ecs.ContainerImage.fromRegistry('busybox'), minHealthyPercent: 50 });
    new patterns.ScheduledFargateTask(stack, 'Nightly', { cluster, schedule: applicationautoscaling.Schedule.cron({ hour: '3' }), scheduledFargateTaskImageOptions: { image: ecs.ContainerImage.fromRegistry('busybox'), memoryLimitMiB: 512 } });
  },
  containers_on_instances(stack) {
    const vpc = vpcOf(stack);
    const cluster = new ecs.Cluster(stack, 'Cluster', { vpc });
    const group = new autoscaling.AutoScalingGroup(stack, 'Fleet', { vpc, instanceType: new ec2.InstanceType('t3.micro'), machineImage: ecs.EcsOptimizedImage.amazonLinux2023(), minCapacity: 0, maxCapacity: 3 });
    cluster.addAsgCapacityProvider(new ecs.AsgCapacityProvider(stack, 'Provider', { autoScalingGroup: group }));
    const task = new ecs.Ec2TaskDefinition(stack, 'Task', { networkMode: ecs.NetworkMode.BRIDGE });
    task.addContainer('app', { image: ecs.ContainerImage.fromRegistry('nginx'), memoryReservationMiB: 256, portMappings: [{ containerPort: 80, hostPort: 0 }] });
    new ecs.Ec2Service(stack, 'Service', { cluster, taskDefinition: task, placementStrategies: [ecs.PlacementStrategy.spreadAcrossInstances()], placementConstraints: [ecs.PlacementConstraint.distinctInstances()], minHealthyPercent: 50 });
  },
  registry(stack) {
    const repository = new ecr.Repository(stack, 'Repository', { imageScanOnPush: true, imageTagMutability: ecr.TagMutability.IMMUTABLE, encryption: ecr.RepositoryEncryption.KMS, emptyOnDelete: false });
    repository.addLifecycleRule({ maxImageCount: 30, tagPrefixList: ['v'] });
    repository.addLifecycleRule({ maxImageAge: Duration.days(7), tagStatus: ecr.TagStatus.UNTAGGED });
    repository.grantPull(new iam.AccountPrincipal('222222222222'));
  },
  database(stack) {
    const vpc = vpcOf(stack);
    const instance = new rds.DatabaseInstance(stack, 'Instance', {
      engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_16 }),
      instanceType: ec2.InstanceType.of(ec2.InstanceClass.T4G, ec2.InstanceSize.MEDIUM),
      vpc,
      multiAz: true,
      allocatedStorage: 100,
      maxAllocatedStorage: 500,
      storageEncrypted: true,
      backupRetention: Duration.days(14),
      deletionProtection: true,
      performanceInsightRetention: rds.PerformanceInsightRetention.MONTHS_1,
      cloudwatchLogsExports: ['postgresql'],
      monitoringInterval: Duration.seconds(60),
      parameters: { log_statement: 'all' },
      preferredMaintenanceWindow: 'sun:03:00-sun:04:00',
    });
    instance.addProxy('Proxy', { secrets: [instance.secret], vpc });
    new rds.DatabaseInstanceReadReplica(stack, 'Replica', { sourceDatabaseInstance: instance, instanceType: new ec2.InstanceType('t4g.medium'), vpc });
  },
  aurora(stack) {
    new rds.DatabaseCluster(stack, 'Cluster', {
      engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_16_4 }),
      vpc: vpcOf(stack),
      writer: rds.ClusterInstance.serverlessV2('writer'),
      readers: [rds.ClusterInstance.provisioned('reader', { instanceType: ec2.InstanceType.of(ec2.InstanceClass.R6G, ec2.InstanceSize.LARGE), promotionTier: 1 })],
      serverlessV2MinCapacity: 0.5,
      serverlessV2MaxCapacity: 8,
      storageEncrypted: true,
      iamAuthentication: true,
      enableDataApi: true,
      backup: { retention: Duration.days(7), preferredWindow: '01:00-02:00' },
      defaultDatabaseName: 'app',
    });
  },
  document_database(stack) {
    new docdb.DatabaseCluster(stack, 'Cluster', { masterUser: { username: 'root1' }, instanceType: ec2.InstanceType.of(ec2.InstanceClass.R5, ec2.InstanceSize.LARGE), vpc: vpcOf(stack), instances: 2, exportAuditLogsToCloudWatch: true, caCertificate: docdb.CaCertificate.RDS_CA_RSA2048_G1 });
  },
  search(stack) {
    new opensearch.Domain(stack, 'Domain', {
      version: opensearch.EngineVersion.OPENSEARCH_2_17,
      capacity: { dataNodes: 2, dataNodeInstanceType: 'r6g.large.search', masterNodes: 3, masterNodeInstanceType: 'm6g.large.search', multiAzWithStandbyEnabled: false },
      ebs: { volumeSize: 50, volumeType: ec2.EbsDeviceVolumeType.GP3 },
      zoneAwareness: { availabilityZoneCount: 2 },
      enforceHttps: true,
      nodeToNodeEncryption: true,
      encryptionAtRest: { enabled: true },
      fineGrainedAccessControl: { masterUserName: 'admin' },
      offPeakWindowEnabled: true,
    });
  },
  keys(stack) {
    const key = new kms.Key(stack, 'Key', { description: 'data', rotationPeriod: Duration.days(180), enableKeyRotation: true, pendingWindow: Duration.days(10) });
    key.grantEncryptDecrypt(new iam.ArnPrincipal('arn:aws:iam::111111111111:role/app'));
    key.addAlias('app');
    new kms.Key(stack, 'Sign', { keySpec: kms.KeySpec.ECC_NIST_P256, keyUsage: kms.KeyUsage.SIGN_VERIFY });
    new kms.Key(stack, 'Hmac', { keySpec: kms.KeySpec.HMAC_256, keyUsage: kms.KeyUsage.GENERATE_VERIFY_MAC, multiRegion: true });
  },
  identities(stack) {
    const provider = new iam.OpenIdConnectProvider(stack, 'Provider', { url: 'https://token.actions.githubusercontent.com', clientIds: ['sts.amazonaws.com'] });
    const role = new iam.Role(stack, 'Role', {
      assumedBy: new iam.WebIdentityPrincipal(provider.openIdConnectProviderArn, { StringLike: { 'token.actions.githubusercontent.com:sub': 'repo:example/*' } }),
      maxSessionDuration: Duration.hours(4),
      permissionsBoundary: iam.ManagedPolicy.fromAwsManagedPolicyName('PowerUserAccess'),
      inlinePolicies: { read: new iam.PolicyDocument({ statements: [new iam.PolicyStatement({ actions: ['s3:Get*'], resources: ['*'], conditions: { Bool: { 'aws:SecureTransport': 'true' } } })] }) },
      path: '/ci/',
    });
    role.addManagedPolicy(new iam.ManagedPolicy(stack, 'Policy', { statements: [new iam.PolicyStatement({ effect: iam.Effect.DENY, notActions: ['iam:*'], resources: ['*'] })] }));
    const group = new iam.Group(stack, 'Group');
    const user = new iam.User(stack, 'User', { groups: [group], password: SecretValue.secretsManager('password') });
    new iam.AccessKey(stack, 'AccessKey', { user });
    new iam.InstanceProfile(stack, 'Profile', { role: new iam.Role(stack, 'Instance', { assumedBy: new iam.CompositePrincipal(new iam.ServicePrincipal('ec2.amazonaws.com'), new iam.ServicePrincipal('ssm.amazonaws.com')) }) });
    new iam.SamlProvider(stack, 'Saml', { metadataDocument: iam.SamlMetadataDocument.fromXml('<EntityDescriptor>' + 'x'.repeat(1000) + '</EntityDescriptor>') });
  },
  logs(stack) {
    const group = new logs.LogGroup(stack, 'Group', { retention: logs.RetentionDays.THREE_MONTHS, logGroupClass: logs.LogGroupClass.STANDARD, dataProtectionPolicy: new logs.DataProtectionPolicy({ identifiers: [logs.DataIdentifier.EMAILADDRESS] }) });
    group.addStream('Stream');
    group.addMetricFilter('Errors', { filterPattern: logs.FilterPattern.anyTerm('ERROR'), metricNamespace: 'app', metricName: 'errors', metricValue: '1', defaultValue: 0 });
    group.addSubscriptionFilter('Forward', { destination: { bind: () => ({ arn: 'arn:aws:firehose:eu-west-1:111111111111:deliverystream/logs' }) }, filterPattern: logs.FilterPattern.allEvents() });
    new logs.QueryDefinition(stack, 'Query', { queryDefinitionName: 'errors', queryString: new logs.QueryString({ fields: ['@message'], limit: 20 }), logGroups: [group] });
    new logs.ResourcePolicy(stack, 'Policy', { policyStatements: [new iam.PolicyStatement({ actions: ['logs:PutLogEvents'], resources: [group.logGroupArn], principals: [new iam.ServicePrincipal('es.amazonaws.com')] })] });
  },
  alarms(stack) {
    const metric = new cloudwatch.Metric({ namespace: 'app', metricName: 'errors', dimensionsMap: { Service: 'web' }, statistic: 'p99', period: Duration.minutes(1) });
    const alarm = new cloudwatch.Alarm(stack, 'Alarm', { metric, threshold: 5, evaluationPeriods: 3, datapointsToAlarm: 2, comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD, treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING });
    alarm.addAlarmAction(new cloudwatchActions.SnsAction(new sns.Topic(stack, 'Topic')));
    const expression = new cloudwatch.MathExpression({ expression: 'errors / requests * 100', usingMetrics: { errors: metric, requests: metric.with({ metricName: 'requests', statistic: 'Sum' }) } });
    const rate = new cloudwatch.Alarm(stack, 'Rate', { metric: expression, threshold: 1, evaluationPeriods: 5 });
    new cloudwatch.CompositeAlarm(stack, 'Both', { alarmRule: cloudwatch.AlarmRule.allOf(alarm, rate), actionsSuppressor: alarm });
    new cloudwatch.AnomalyDetectionAlarm(stack, 'Anomaly', { metric, stdDevs: 2, evaluationPeriods: 2 });
    new cloudwatch.Dashboard(stack, 'Dashboard', { defaultInterval: Duration.days(7), widgets: [[new cloudwatch.GraphWidget({ left: [metric], width: 12 }), new cloudwatch.AlarmWidget({ alarm })]] });
  },
  events(stack) {
    const bus = new events.EventBus(stack, 'Bus', { description: 'orders', kmsKey: new kms.Key(stack, 'Key') });
    bus.archive('Archive', { eventPattern: { source: ['orders'] }, retention: Duration.days(30) });
    const rule = new events.Rule(stack, 'Rule', { eventBus: bus, eventPattern: { source: ['orders'], detailType: ['created', 'paid'], detail: { amount: [{ numeric: ['>', 100] }] } } });
    rule.addTarget(new targets.SqsQueue(new sqs.Queue(stack, 'Queue'), { message: events.RuleTargetInput.fromEventPath('$.detail'), retryAttempts: 2 }));
    rule.addTarget(new targets.LambdaFunction(functionOf(stack), { maxEventAge: Duration.hours(2) }));
    new events.Rule(stack, 'Nightly', { schedule: events.Schedule.cron({ minute: '0', hour: '2' }), targets: [new targets.SnsTopic(new sns.Topic(stack, 'Topic'), { message: events.RuleTargetInput.fromText('good morning') })] });
    const connection = new events.Connection(stack, 'Connection', { authorization: events.Authorization.apiKey('x-api-key', SecretValue.secretsManager('key')) });
    new events.ApiDestination(stack, 'Destination', { connection, endpoint: 'https://example.com/events', rateLimitPerSecond: 50, httpMethod: events.HttpMethod.POST });
  },
  schedules(stack) {
    const group = new scheduler.ScheduleGroup(stack, 'Group', { scheduleGroupName: 'nightly' });
    new scheduler.Schedule(stack, 'Schedule', { schedule: scheduler.ScheduleExpression.cron({ minute: '30', hour: '1', timeZone: cdk.TimeZone.EUROPE_BERLIN }), target: new schedulerTargets.LambdaInvoke(functionOf(stack), { input: scheduler.ScheduleTargetInput.fromObject({ a: 1 }), retryAttempts: 3 }), timeWindow: scheduler.TimeWindow.flexible(Duration.minutes(15)), scheduleGroup: group });
  },
  state_machine(stack) {
    const invoke = new tasks.LambdaInvoke(stack, 'Invoke', { lambdaFunction: functionOf(stack), outputPath: '$.Payload', retryOnServiceExceptions: true });
    const choice = new stepfunctions.Choice(stack, 'Big').when(stepfunctions.Condition.numberGreaterThan('$.n', 10), new stepfunctions.Fail(stack, 'Fail', { error: 'TooBig' })).otherwise(new stepfunctions.Succeed(stack, 'Done'));
    const map = new stepfunctions.Map(stack, 'Each', { maxConcurrency: 5, itemsPath: '$.items' });
    map.itemProcessor(new tasks.SqsSendMessage(stack, 'Send', { queue: new sqs.Queue(stack, 'Queue'), messageBody: stepfunctions.TaskInput.fromJsonPathAt('$') }));
    new stepfunctions.StateMachine(stack, 'Machine', {
      definitionBody: stepfunctions.DefinitionBody.fromChainable(new stepfunctions.Wait(stack, 'Wait', { time: stepfunctions.WaitTime.duration(Duration.seconds(5)) }).next(map).next(invoke).next(choice)),
      stateMachineType: stepfunctions.StateMachineType.EXPRESS,
      tracingEnabled: true,
      logs: { destination: new logs.LogGroup(stack, 'Logs'), level: stepfunctions.LogLevel.ALL, includeExecutionData: true },
    });
  },
  rest_api(stack) {
    const api = new apigateway.RestApi(stack, 'Api', {
      deployOptions: { stageName: 'v1', tracingEnabled: true, throttlingRateLimit: 100, throttlingBurstLimit: 50, loggingLevel: apigateway.MethodLoggingLevel.INFO, methodOptions: { '/things/GET': { cachingEnabled: true, cacheTtl: Duration.minutes(5) } }, accessLogDestination: new apigateway.LogGroupLogDestination(new logs.LogGroup(stack, 'Logs')) },
      defaultCorsPreflightOptions: { allowOrigins: apigateway.Cors.ALL_ORIGINS },
      endpointTypes: [apigateway.EndpointType.REGIONAL],
      minCompressionSize: Size.kibibytes(1),
      binaryMediaTypes: ['image/png'],
    });
    const things = api.root.addResource('things');
    const model = api.addModel('Model', { contentType: 'application/json', schema: { type: apigateway.JsonSchemaType.OBJECT, properties: { id: { type: apigateway.JsonSchemaType.STRING } } } });
    things.addMethod('GET', new apigateway.LambdaIntegration(functionOf(stack)), { apiKeyRequired: true, requestParameters: { 'method.request.querystring.page': true } });
    things.addMethod('POST', new apigateway.HttpIntegration('https://example.com', { httpMethod: 'POST', proxy: false, options: { integrationResponses: [{ statusCode: '200' }] } }), { methodResponses: [{ statusCode: '200', responseModels: { 'application/json': model } }], requestModels: { 'application/json': model }, requestValidatorOptions: { validateRequestBody: true } });
    things.addResource('{id}').addMethod('DELETE', new apigateway.MockIntegration(), { authorizer: new apigateway.TokenAuthorizer(stack, 'Authorizer', { handler: functionOf(stack, 'Authorize'), resultsCacheTtl: Duration.minutes(5) }) });
    const plan = api.addUsagePlan('Plan', { throttle: { rateLimit: 10, burstLimit: 2 }, quota: { limit: 1000, period: apigateway.Period.DAY } });
    plan.addApiKey(api.addApiKey('Key'));
    plan.addApiStage({ stage: api.deploymentStage });
    api.addGatewayResponse('Unauthorized', { type: apigateway.ResponseType.UNAUTHORIZED, statusCode: '401', templates: { 'application/json': '{}' } });
  },
  http_api(stack) {
    const api = new apigatewayv2.HttpApi(stack, 'Api', { corsPreflight: { allowOrigins: ['https://example.com'], allowMethods: [apigatewayv2.CorsHttpMethod.GET], maxAge: Duration.days(1) } });
    api.addRoutes({ path: '/things/{id}', methods: [apigatewayv2.HttpMethod.GET, apigatewayv2.HttpMethod.PUT], integration: new integrations.HttpLambdaIntegration('Integration', functionOf(stack)) });
    api.addRoutes({ path: '/proxy', integration: new integrations.HttpUrlIntegration('Url', 'https://example.com', { parameterMapping: new apigatewayv2.ParameterMapping().appendHeader('x', apigatewayv2.MappingValue.contextVariable('requestId')) }) });
    new apigatewayv2.HttpStage(stack, 'Beta', { httpApi: api, stageName: 'beta', autoDeploy: true, throttle: { rateLimit: 10, burstLimit: 5 } });
    const socket = new apigatewayv2.WebSocketApi(stack, 'Socket', { connectRouteOptions: { integration: new integrations.WebSocketLambdaIntegration('Connect', functionOf(stack, 'OnConnect')) } });
    new apigatewayv2.WebSocketStage(stack, 'Live', { webSocketApi: socket, stageName: 'live', autoDeploy: true });
  },
  graphql(stack) {
    const api = new appsync.GraphqlApi(stack, 'Api', { name: 'api', definition: appsync.Definition.fromSchema(new appsync.SchemaFile({ filePath: graphqlSchema })), authorizationConfig: { defaultAuthorization: { authorizationType: appsync.AuthorizationType.API_KEY }, additionalAuthorizationModes: [{ authorizationType: appsync.AuthorizationType.IAM }] }, xrayEnabled: true, logConfig: { fieldLogLevel: appsync.FieldLogLevel.ERROR } });
    const source = api.addDynamoDbDataSource('Source', new dynamodb.Table(stack, 'Table', { partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING } }));
    source.createResolver('Get', { typeName: 'Query', fieldName: 'thing', requestMappingTemplate: appsync.MappingTemplate.dynamoDbGetItem('id', 'id'), responseMappingTemplate: appsync.MappingTemplate.dynamoDbResultItem() });
    api.addNoneDataSource('None');
  },
  users(stack) {
    const pool = new cognito.UserPool(stack, 'Pool', {
      selfSignUpEnabled: true,
      signInAliases: { email: true },
      standardAttributes: { email: { required: true, mutable: false }, fullname: { required: false } },
      customAttributes: { tenant: new cognito.StringAttribute({ minLen: 3, maxLen: 20 }), level: new cognito.NumberAttribute({ min: 1, max: 9, mutable: true }) },
      mfa: cognito.Mfa.OPTIONAL,
      mfaSecondFactor: { sms: false, otp: true },
      passwordPolicy: { minLength: 12, requireSymbols: true, tempPasswordValidity: Duration.days(3) },
      accountRecovery: cognito.AccountRecovery.EMAIL_ONLY,
      lambdaTriggers: { preSignUp: functionOf(stack) },
      deletionProtection: true,
    });
    pool.addDomain('Domain', { cognitoDomain: { domainPrefix: 'example-users' } });
    const server = pool.addResourceServer('Server', { identifier: 'api', scopes: [{ scopeName: 'read', scopeDescription: 'Read' }] });
    pool.addClient('Client', { generateSecret: true, authFlows: { userSrp: true }, oAuth: { flows: { authorizationCodeGrant: true }, scopes: [cognito.OAuthScope.OPENID, cognito.OAuthScope.resourceServer(server, { scopeName: 'read', scopeDescription: 'Read' })], callbackUrls: ['https://example.com/cb'] }, accessTokenValidity: Duration.minutes(30), refreshTokenValidity: Duration.days(7), supportedIdentityProviders: [cognito.UserPoolClientIdentityProvider.COGNITO] });
    new cognito.UserPoolIdentityProviderGoogle(stack, 'Google', { userPool: pool, clientId: 'id', clientSecretValue: SecretValue.secretsManager('google'), scopes: ['email'], attributeMapping: { email: cognito.ProviderAttribute.GOOGLE_EMAIL } });
  },
  distribution(stack) {
    const bucket = new s3.Bucket(stack, 'Bucket');
    new cloudfront.Distribution(stack, 'Distribution', {
      defaultBehavior: { origin: origins.S3BucketOrigin.withOriginAccessControl(bucket), viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS, cachePolicy: new cloudfront.CachePolicy(stack, 'Cache', { defaultTtl: Duration.hours(1), headerBehavior: cloudfront.CacheHeaderBehavior.allowList('Accept'), queryStringBehavior: cloudfront.CacheQueryStringBehavior.all(), enableAcceptEncodingBrotli: true }), functionAssociations: [{ function: new cloudfront.Function(stack, 'Rewrite', { code: cloudfront.FunctionCode.fromInline('function handler(event) { return event.request }'), runtime: cloudfront.FunctionRuntime.JS_2_0 }), eventType: cloudfront.FunctionEventType.VIEWER_REQUEST }] },
      additionalBehaviors: { '/api/*': { origin: new origins.HttpOrigin('api.example.com', { customHeaders: { 'x-from': 'cdn' }, connectionAttempts: 2, readTimeout: Duration.seconds(45) }), allowedMethods: cloudfront.AllowedMethods.ALLOW_ALL, originRequestPolicy: cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER, responseHeadersPolicy: new cloudfront.ResponseHeadersPolicy(stack, 'Headers', { securityHeadersBehavior: { strictTransportSecurity: { accessControlMaxAge: Duration.days(365), includeSubdomains: true, override: true } } }) } },
      defaultRootObject: 'index.html',
      errorResponses: [{ httpStatus: 404, responseHttpStatus: 200, responsePagePath: '/index.html', ttl: Duration.minutes(1) }],
      geoRestriction: cloudfront.GeoRestriction.allowlist('DE', 'FR'),
      priceClass: cloudfront.PriceClass.PRICE_CLASS_100,
      enableLogging: true,
      httpVersion: cloudfront.HttpVersion.HTTP2_AND_3,
      minimumProtocolVersion: cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
    });
  },
  dns(stack) {
    const zone = new route53.PublicHostedZone(stack, 'Zone', { zoneName: 'example.com', caaAmazon: true });
    new route53.ARecord(stack, 'A', { zone, recordName: 'www', target: route53.RecordTarget.fromIpAddresses('192.0.2.1', '192.0.2.2'), ttl: Duration.minutes(5) });
    new route53.MxRecord(stack, 'Mx', { zone, values: [{ hostName: 'mail.example.com', priority: 10 }] });
    new route53.TxtRecord(stack, 'Txt', { zone, values: ['v=spf1 -all'] });
    new route53.SrvRecord(stack, 'Srv', { zone, recordName: '_sip._tcp', values: [{ priority: 1, weight: 5, port: 5060, hostName: 'sip.example.com' }] });
    new route53.CnameRecord(stack, 'Cname', { zone, recordName: 'docs', domainName: 'docs.example.org', weight: 10 });
    new route53.ARecord(stack, 'Alias', { zone, recordName: 'site', target: route53.RecordTarget.fromAlias(new route53Targets.CloudFrontTarget(cloudfront.Distribution.fromDistributionAttributes(stack, 'Cdn', { domainName: 'd1.cloudfront.net', distributionId: 'E1' }))), geoLocation: route53.GeoLocation.country('DE') });
    new route53.PrivateHostedZone(stack, 'Private', { zoneName: 'internal.example', vpc: vpcOf(stack) });
    new route53.HealthCheck(stack, 'Health', { type: route53.HealthCheckType.HTTPS, fqdn: 'www.example.com', resourcePath: '/health', requestInterval: Duration.seconds(10), failureThreshold: 2 });
  },
  certificates(stack) {
    const zone = new route53.HostedZone(stack, 'Zone', { zoneName: 'example.com' });
    new acm.Certificate(stack, 'Certificate', { domainName: 'example.com', subjectAlternativeNames: ['*.example.com'], validation: acm.CertificateValidation.fromDns(zone), keyAlgorithm: acm.KeyAlgorithm.EC_PRIME256V1, transparencyLoggingEnabled: true });
    new acm.PrivateCertificate(stack, 'Private', { domainName: 'internal.example', certificateAuthority: acmpca.CertificateAuthority.fromCertificateAuthorityArn(stack, 'Ca', 'arn:aws:acm-pca:eu-west-1:111111111111:certificate-authority/12345678-1234-1234-1234-123456789012') });
  },
  backups(stack) {
    const vault = new backup.BackupVault(stack, 'Vault', { encryptionKey: new kms.Key(stack, 'Key'), lockConfiguration: { minRetention: Duration.days(7), maxRetention: Duration.days(365) } });
    const plan = backup.BackupPlan.dailyWeeklyMonthly5YearRetention(stack, 'Plan', vault);
    plan.addRule(new backup.BackupPlanRule({ ruleName: 'hourly', scheduleExpression: events.Schedule.cron({ minute: '0' }), startWindow: Duration.hours(1), completionWindow: Duration.hours(2), deleteAfter: Duration.days(7), enableContinuousBackup: true }));
    plan.addSelection('Selection', { resources: [backup.BackupResource.fromTag('backup', 'yes'), backup.BackupResource.fromArn('arn:aws:dynamodb:eu-west-1:111111111111:table/t')] });
  },
  batch(stack) {
    const environment = new batch.FargateComputeEnvironment(stack, 'Environment', { vpc: vpcOf(stack), spot: true, maxvCpus: 16 });
    new batch.JobQueue(stack, 'Queue', { computeEnvironments: [{ computeEnvironment: environment, order: 1 }], priority: 10, schedulingPolicy: new batch.FairshareSchedulingPolicy(stack, 'Policy', { shares: [{ shareIdentifier: 'a', weightFactor: 1 }] }) });
    new batch.EcsJobDefinition(stack, 'Job', { container: new batch.EcsFargateContainerDefinition(stack, 'Container', { image: ecs.ContainerImage.fromRegistry('busybox'), memory: Size.mebibytes(2048), cpu: 1, command: ['echo', 'hi'], environment: { A: 'b' } }), retryAttempts: 2, timeout: Duration.hours(1), retryStrategies: [batch.RetryStrategy.of(batch.Action.EXIT, batch.Reason.CANNOT_PULL_CONTAINER)] });
  },
  builds(stack) {
    const project = new codebuild.Project(stack, 'Project', {
      buildSpec: codebuild.BuildSpec.fromObject({ version: '0.2', phases: { build: { commands: ['make'] } } }),
      environment: { buildImage: codebuild.LinuxArmBuildImage.AMAZON_LINUX_2023_STANDARD_3_0, computeType: codebuild.ComputeType.LARGE, privileged: true },
      environmentVariables: { STAGE: { value: 'test' }, TOKEN: { type: codebuild.BuildEnvironmentVariableType.SECRETS_MANAGER, value: 'token' } },
      cache: codebuild.Cache.bucket(new s3.Bucket(stack, 'Cache')),
      timeout: Duration.minutes(20),
      logging: { cloudWatch: { logGroup: new logs.LogGroup(stack, 'Logs') } },
      vpc: vpcOf(stack),
      concurrentBuildLimit: 2,
    });
    project.enableBatchBuilds();
    new codebuild.Project(stack, 'FromGit', { source: codebuild.Source.gitHub({ owner: 'example', repo: 'app', webhook: true, webhookFilters: [codebuild.FilterGroup.inEventOf(codebuild.EventAction.PUSH).andBranchIs('main')] }) });
    new codebuild.ReportGroup(stack, 'Reports', { exportBucket: new s3.Bucket(stack, 'Exports') });
  },
  pipeline(stack) {
    const source = new codepipeline.Artifact();
    const built = new codepipeline.Artifact();
    const repository = new codecommit.Repository(stack, 'Repository', { repositoryName: 'app' });
    repository.notifyOn('Notify', new sns.Topic(stack, 'Topic'), { events: [codecommit.RepositoryNotificationEvents.PULL_REQUEST_CREATED] });
    new codepipeline.Pipeline(stack, 'Pipeline', {
      pipelineType: codepipeline.PipelineType.V2,
      executionMode: codepipeline.ExecutionMode.QUEUED,
      variables: [new codepipeline.Variable({ variableName: 'version', defaultValue: '1' })],
      stages: [
        { stageName: 'Source', actions: [new pipelineActions.CodeCommitSourceAction({ actionName: 'Source', repository, output: source })] },
        { stageName: 'Build', actions: [new pipelineActions.CodeBuildAction({ actionName: 'Build', project: new codebuild.PipelineProject(stack, 'Project'), input: source, outputs: [built] })] },
        { stageName: 'Deploy', actions: [new pipelineActions.ManualApprovalAction({ actionName: 'Approve', runOrder: 1 }), new pipelineActions.CloudFormationCreateUpdateStackAction({ actionName: 'Deploy', runOrder: 2, stackName: 'app', adminPermissions: true, templatePath: built.atPath('template.json') })] },
      ],
    });
  },
  deployments(stack) {
    const fn = functionOf(stack);
    const alias = new lambda.Alias(stack, 'Alias', { aliasName: 'live', version: fn.currentVersion });
    new codedeploy.LambdaDeploymentGroup(stack, 'Group', { alias, deploymentConfig: codedeploy.LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES, alarms: [alias.metricErrors().createAlarm(stack, 'Errors', { threshold: 1, evaluationPeriods: 1 })], autoRollback: { deploymentInAlarm: true } });
    new codedeploy.ServerDeploymentGroup(stack, 'Servers', { ec2InstanceTags: new codedeploy.InstanceTagSet({ app: ['web'] }), deploymentConfig: new codedeploy.ServerDeploymentConfig(stack, 'Config', { minimumHealthyHosts: codedeploy.MinimumHealthyHosts.percentage(75) }) });
  },
  compliance(stack) {
    new config.ManagedRule(stack, 'Rotated', { identifier: config.ManagedRuleIdentifiers.ACCESS_KEYS_ROTATED, inputParameters: { maxAccessKeyAge: 60 }, maximumExecutionFrequency: config.MaximumExecutionFrequency.TWELVE_HOURS });
    new config.CustomRule(stack, 'Custom', { lambdaFunction: functionOf(stack), configurationChanges: true, ruleScope: config.RuleScope.fromResource(config.ResourceType.EC2_INSTANCE) });
    new config.CloudFormationStackDriftDetectionCheck(stack, 'Drift', { ownStackOnly: true });
  },
  trail(stack) {
    const trail = new cloudtrail.Trail(stack, 'Trail', { sendToCloudWatchLogs: true, enableFileValidation: true, isMultiRegionTrail: true, insightTypes: [cloudtrail.InsightType.API_CALL_RATE], encryptionKey: new kms.Key(stack, 'Key') });
    trail.addS3EventSelector([{ bucket: new s3.Bucket(stack, 'Bucket'), objectPrefix: 'in/' }], { readWriteType: cloudtrail.ReadWriteType.WRITE_ONLY });
    trail.logAllLambdaDataEvents();
  },
  file_systems(stack) {
    const vpc = vpcOf(stack);
    new efs.FileSystem(stack, 'Efs', { vpc, encrypted: true, lifecyclePolicy: efs.LifecyclePolicy.AFTER_14_DAYS, throughputMode: efs.ThroughputMode.ELASTIC, enableAutomaticBackups: true, allowAnonymousAccess: false, replicationConfiguration: efs.ReplicationConfiguration.regionalFileSystem('eu-central-1') });
    new fsx.LustreFileSystem(stack, 'Lustre', { vpc, vpcSubnet: vpc.privateSubnets[0], storageCapacityGiB: 1200, lustreConfiguration: { deploymentType: fsx.LustreDeploymentType.PERSISTENT_2, perUnitStorageThroughput: 125, dataCompressionType: fsx.LustreDataCompressionType.LZ4 } });
  },
  streams(stack) {
    const stream = new kinesis.Stream(stack, 'Stream', { shardCount: 2, retentionPeriod: Duration.hours(48), encryption: kinesis.StreamEncryption.MANAGED });
    new kinesis.Stream(stack, 'OnDemand', { streamMode: kinesis.StreamMode.ON_DEMAND });
    new kinesis.StreamConsumer(stack, 'Consumer', { stream, streamConsumerName: 'reader' });
    new firehose.DeliveryStream(stack, 'Delivery', { source: new firehose.KinesisStreamSource(stream), destination: new firehose.S3Bucket(new s3.Bucket(stack, 'Bucket'), { bufferingInterval: Duration.seconds(120), bufferingSize: Size.mebibytes(64), compression: firehose.Compression.GZIP, dataOutputPrefix: 'year=!{timestamp:yyyy}/', errorOutputPrefix: 'errors/!{firehose:error-output-type}/' }) });
  },
  secrets(stack) {
    const secret = new secretsmanager.Secret(stack, 'Secret', { generateSecretString: { secretStringTemplate: JSON.stringify({ user: 'app' }), generateStringKey: 'password', excludePunctuation: true, passwordLength: 40 }, replicaRegions: [{ region: 'eu-central-1' }] });
    secret.addRotationSchedule('Rotation', { rotationLambda: functionOf(stack), automaticallyAfter: Duration.days(30) });
    secret.grantRead(functionOf(stack, 'Reader'));
  },
  parameters(stack) {
    new ssm.StringParameter(stack, 'String', { stringValue: 'a', parameterName: '/app/a', tier: ssm.ParameterTier.ADVANCED, allowedPattern: '[a-z]+', description: 'a' });
    new ssm.StringListParameter(stack, 'List', { stringListValue: ['a', 'b'] });
    new ssm.CfnMaintenanceWindow(stack, 'Window', { name: 'nightly', allowUnassociatedTargets: false, cutoff: 1, duration: 3, schedule: 'cron(0 2 ? * SUN *)' });
  },
  discovery(stack) {
    const namespace = new servicediscovery.PrivateDnsNamespace(stack, 'Namespace', { name: 'svc.local', vpc: vpcOf(stack) });
    const service = namespace.createService('Service', { dnsRecordType: servicediscovery.DnsRecordType.A_AAAA, dnsTtl: Duration.seconds(10), customHealthCheck: { failureThreshold: 1 } });
    service.registerIpInstance('Instance', { ipv4: '10.0.0.5', ipv6: '2001:db8::5' });
    new servicediscovery.HttpNamespace(stack, 'Http', { name: 'http' }).createService('Api').registerNonIpInstance('Function', { customAttributes: { arn: 'x' } });
  },
  mail(stack) {
    const set = new ses.ConfigurationSet(stack, 'Set', { tlsPolicy: ses.ConfigurationSetTlsPolicy.REQUIRE, reputationMetrics: true });
    set.addEventDestination('Sns', { destination: ses.EventDestination.snsTopic(new sns.Topic(stack, 'Topic')), events: [ses.EmailSendingEvent.BOUNCE] });
    new ses.EmailIdentity(stack, 'Identity', { identity: ses.Identity.domain('example.com'), configurationSet: set, mailFromDomain: 'mail.example.com' });
    new ses.ReceiptRuleSet(stack, 'Rules', { dropSpam: false }).addRule('Rule', { recipients: ['hello@example.com'], tlsPolicy: ses.TlsPolicy.REQUIRE, scanEnabled: true });
  },
  canary(stack) {
    new synthetics.Canary(stack, 'Canary', { canaryName: 'home', runtime: synthetics.Runtime.SYNTHETICS_NODEJS_PUPPETEER_9_1, test: synthetics.Test.custom({ code: synthetics.Code.fromInline('exports.handler = async () => {}'), handler: 'index.handler' }), schedule: synthetics.Schedule.rate(Duration.minutes(5)), successRetentionPeriod: Duration.days(7), environmentVariables: { URL: 'https://example.com' } });
  },
  accelerator(stack) {
    const accelerator = new globalaccelerator.Accelerator(stack, 'Accelerator', { ipAddressType: globalaccelerator.IpAddressType.DUAL_STACK });
    const listener = accelerator.addListener('Listener', { portRanges: [{ fromPort: 80 }, { fromPort: 443 }], clientAffinity: globalaccelerator.ClientAffinity.SOURCE_IP });
    listener.addEndpointGroup('Group', { region: 'eu-west-1', healthCheckPath: '/health', healthCheckProtocol: globalaccelerator.HealthCheckProtocol.HTTPS, trafficDialPercentage: 50, endpoints: [new globalaccelerator.RawEndpoint({ endpointId: 'eipalloc-12345678', weight: 10 })] });
  },
  catalog(stack) {
    const portfolio = new servicecatalog.Portfolio(stack, 'Portfolio', { displayName: 'Platform', providerName: 'Team', messageLanguage: servicecatalog.MessageLanguage.EN });
    const product = new servicecatalog.CloudFormationProduct(stack, 'Product', { productName: 'Bucket', owner: 'Team', productVersions: [{ productVersionName: 'v1', cloudFormationTemplate: servicecatalog.CloudFormationTemplate.fromUrl('https://s3.amazonaws.com/example/template.json') }] });
    portfolio.addProduct(product);
    portfolio.giveAccessToRole(new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() }));
    portfolio.constrainCloudFormationParameters(product, { rule: { ruleName: 'rule', assertions: [{ assert: cdk.Fn.conditionEquals('a', 'a'), description: 'always' }] } });
    portfolio.shareWithAccount('222222222222');
  },
  signing(stack) {
    const profile = new signer.SigningProfile(stack, 'Profile', { platform: signer.Platform.AWS_LAMBDA_SHA384_ECDSA, signatureValidity: Duration.days(365) });
    const codeSigningConfig = new lambda.CodeSigningConfig(stack, 'Config', { signingProfiles: [profile], untrustedArtifactOnDeployment: lambda.UntrustedArtifactOnDeployment.WARN });
    new lambda.Function(stack, 'Function', { codeSigningConfig, runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler', code: lambda.Code.fromBucket(new s3.Bucket(stack, 'Code'), 'code.zip') });
  },
  application_config(stack) {
    const application = new appconfig.Application(stack, 'App');
    const environment = new appconfig.Environment(stack, 'Environment', { application, monitors: [appconfig.Monitor.fromCloudWatchAlarm(new cloudwatch.Alarm(stack, 'Alarm', { metric: new cloudwatch.Metric({ namespace: 'a', metricName: 'b' }), threshold: 1, evaluationPeriods: 1 }))] });
    new appconfig.HostedConfiguration(stack, 'Hosted', { application, content: appconfig.ConfigurationContent.fromInlineJson('{"a": 1}'), validators: [appconfig.JsonSchemaValidator.fromInline('{"type": "object"}')], deployTo: [environment], deploymentStrategy: new appconfig.DeploymentStrategy(stack, 'Strategy', { rolloutStrategy: appconfig.RolloutStrategy.linear({ growthFactor: 20, deploymentDuration: Duration.minutes(30), finalBakeTime: Duration.minutes(10) }) }) });
  },
  mesh(stack) {
    const mesh = new appmesh.Mesh(stack, 'Mesh', { egressFilter: appmesh.MeshFilterType.DROP_ALL });
    const node = mesh.addVirtualNode('Node', { serviceDiscovery: appmesh.ServiceDiscovery.dns('app.local'), listeners: [appmesh.VirtualNodeListener.http({ port: 8080, healthCheck: appmesh.HealthCheck.http({ interval: Duration.seconds(5), timeout: Duration.seconds(2) }), timeout: { idle: Duration.seconds(10) } })], accessLog: appmesh.AccessLog.fromFilePath('/dev/stdout') });
    const router = mesh.addVirtualRouter('Router', { listeners: [appmesh.VirtualRouterListener.http(8080)] });
    router.addRoute('Route', { routeSpec: appmesh.RouteSpec.http({ weightedTargets: [{ virtualNode: node, weight: 50 }], match: { path: appmesh.HttpRoutePathMatch.startsWith('/') }, retryPolicy: { httpRetryEvents: [appmesh.HttpRetryEvent.SERVER_ERROR], retryAttempts: 3, retryTimeout: Duration.seconds(1) } }) });
  },
  chat(stack) {
    new chatbot.SlackChannelConfiguration(stack, 'Slack', { slackChannelConfigurationName: 'ops', slackWorkspaceId: 'T0123456789', slackChannelId: 'C0123456789', loggingLevel: chatbot.LoggingLevel.ERROR, notificationTopics: [new sns.Topic(stack, 'Topic')] });
  },
  with_conditions(stack) {
    const parameter = new cdk.CfnParameter(stack, 'Production', { allowedValues: ['yes', 'no'], default: 'no' });
    const condition = new cdk.CfnCondition(stack, 'IsProduction', { expression: cdk.Fn.conditionEquals(parameter, 'yes') });
    const bucket = new s3.CfnBucket(stack, 'Bucket', {
      bucketName: cdk.Fn.conditionIf('IsProduction', cdk.Fn.sub('${AWS::AccountId}-data'), cdk.Aws.NO_VALUE).toString(),
      versioningConfiguration: cdk.Fn.conditionIf('IsProduction', { Status: 'Enabled' }, cdk.Aws.NO_VALUE),
      lifecycleConfiguration: { rules: [{ status: 'Enabled', expirationInDays: cdk.Token.asNumber(cdk.Fn.conditionIf('IsProduction', 365, 30)) }] },
    });
    bucket.cfnOptions.condition = condition;
    const map = new cdk.CfnMapping(stack, 'Sizes', { mapping: { yes: { size: 'm5.large' }, no: { size: 't3.micro' } } });
    new ec2.CfnInstance(stack, 'Instance', { instanceType: map.findInMap(parameter.valueAsString, 'size'), imageId: '{{resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64}}', securityGroupIds: cdk.Fn.split(',', cdk.Fn.importValue('groups')), subnetId: cdk.Fn.select(0, cdk.Fn.split(',', cdk.Fn.importValue('subnets'))), userData: cdk.Fn.base64('#!/bin/sh') });
  },
  custom_resources(stack) {
    new cdk.CustomResource(stack, 'Thing', { serviceToken: functionOf(stack).functionArn, resourceType: 'Custom::Thing', properties: { Anything: [1, { Goes: true }] } });
    new cdk.CfnResource(stack, 'Extension', { type: 'Datadog::Monitors::Monitor', properties: { Type: 'metric alert', Query: 'avg(last_5m):avg:system.cpu.user{*} > 90' } });
    new cdk.CfnWaitConditionHandle(stack, 'Handle');
  },
};

const app = new cdk.App({ outdir, analyticsReporting: false, autoSynth: false });
for (const [name, build] of Object.entries(templates)) {
  const stack = new cdk.Stack(app, name.replaceAll('_', '-'), { env: { account: '111111111111', region: 'eu-west-1' }, tags: { team: 'platform' } });
  build(stack);
}
app.synth();
